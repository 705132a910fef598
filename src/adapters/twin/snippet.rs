//! Configuration for a client that is to use a twin.

use super::credentials::{API_KEY, CLIENT_ID, CLIENT_SECRET, REALM, SECRET_KEY, WORKFLOW};
use crate::ports::services::ServiceKind;

/// Lines of `visavis.toml` that make `service` the twin at `base_url`, with the environment variables they refer to as remarks.
#[must_use]
pub fn configuration(service: ServiceKind, base_url: &str) -> String {
    let secret = |variable: &str, value: &str| format!("# export {variable}={value}\n");
    let endpoint = |name: &str, prefix: &str| format!("[services.{name}.endpoint]\nbase_url = \"{base_url}\"\nprefix = \"{prefix}\"\n");
    let token = |name: &str, address: &str| {
        format!(
            "[services.{name}.endpoint.token]\naddress = \"{address}\"\nclient_id = \"{CLIENT_ID}\"\nsecret = \"env:VISAVIS_TWIN_SECRET\"\n"
        )
    };
    let client = secret("VISAVIS_TWIN_SECRET", CLIENT_SECRET);
    match service {
        ServiceKind::AwareId => [
            client,
            secret("VISAVIS_TWIN_API_KEY", API_KEY),
            format!("[services.awareid]\nrealm = \"{REALM}\"\napi_key = \"env:VISAVIS_TWIN_API_KEY\"\n"),
            endpoint("awareid", ""),
            token("awareid", "/auth/realms/{realm}/protocol/openid-connect/token"),
        ]
        .concat(),
        ServiceKind::Uqudo => [client, endpoint("uqudo", ""), token("uqudo", "/api/oauth/token")].concat(),
        ServiceKind::Faceki => [
            client,
            format!("[services.faceki]\nworkflow_id = \"{WORKFLOW}\"\n"),
            endpoint("faceki", ""),
            token("faceki", "/auth/api/access-token"),
        ]
        .concat(),
        ServiceKind::Baf => [
            secret("VISAVIS_TWIN_BAF_KEY", SECRET_KEY),
            "[services.baf]\nprivate_key = \"env:VISAVIS_TWIN_BAF_KEY\"\n".to_owned(),
            endpoint("baf", ""),
        ]
        .concat(),
        ServiceKind::Onboarding => {
            [client, endpoint("onboarding", "/Onboarding"), token("onboarding", "/Onboarding/api/v1/Auth/GenerateOnboardingSessionToken")]
                .concat()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_snippet_is_toml_and_names_the_address() {
        for service in ServiceKind::ALL {
            let text = configuration(service, "http://127.0.0.1:4711");
            let table: toml::Table = text.parse().unwrap_or_else(|e| panic!("{}: {e}", service.name()));
            let endpoint = &table["services"][service.name()]["endpoint"];
            assert_eq!(endpoint["base_url"].as_str(), Some("http://127.0.0.1:4711"));
        }
    }
}
