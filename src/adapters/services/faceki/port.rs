//! FACEKI as the flows and the outbox see it.

use super::{Faceki, Record, Records, Verification};
use crate::config::FacekiConfig;
use crate::ports::services::{
    Capabilities, Delivery, Effect, Guarantee, IdentityService, Known, Opinion, Receipt, ServiceCheck, ServiceError, ServiceFault,
    ServiceKind,
};
use crate::units::SensitiveBytes;

const KIND: ServiceKind = ServiceKind::Faceki;

fn best(faces: &[SensitiveBytes]) -> Result<&SensitiveBytes, ServiceError> {
    faces.first().ok_or_else(|| ServiceError::unsent(KIND, ServiceFault::Unfit, "there is no picture of the face"))
}

/// What a record amounts to: the decision outranks every flag, and an accepted record still needs a live selfie. `None`: it is left open.
fn judged(config: &FacekiConfig, record: &Record) -> Option<bool> {
    let decision = record.decision.as_deref()?;
    if decision.eq_ignore_ascii_case("REVIEW") {
        return None;
    }
    let accepted = config.accepted_decisions.iter().any(|d| d.eq_ignore_ascii_case(decision));
    Some(accepted && live(record) == Some(true))
}

fn live(record: &Record) -> Option<bool> {
    let summary = record.verification_summary.and_then(|s| s.selfie_liveness_verified);
    match (record.selfie_data.and_then(|s| s.liveness_pass), summary) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), _) | (_, Some(true)) => Some(true),
        (None, None) => None,
    }
}

fn name(record: &Record) -> Option<&str> {
    [&record.record_identifier, &record.request_id].into_iter().flatten().map(String::as_str).find(|t| !t.is_empty())
}

fn checks(record: &Record) -> Vec<ServiceCheck> {
    let check = |name: &str, passed: Option<bool>, value: Option<String>| ServiceCheck { name: name.to_owned(), passed, value };
    let summary = record.verification_summary.unwrap_or_default();
    let decided = record.decision.as_deref().map(|d| d.eq_ignore_ascii_case("ACCEPTED"));
    vec![
        check("decision", decided, record.decision.clone()),
        check("selfie liveness", live(record), None),
        check("face", summary.face_verified, None),
        check("document", summary.document_verified, None),
        check("document liveness", summary.document_liveness_verified, None),
        check("rules", summary.verification_rules_passed, None),
        check("picture quality", summary.image_quality, None),
    ]
}

fn receipt(record: Option<&Record>, own: &str, repeated: bool) -> Receipt {
    let listed = |name: &str, value: Option<&String>| value.filter(|v| !v.is_empty()).map(|v| (name.to_owned(), v.clone()));
    let identifiers = record.map(|r| {
        [listed("requestId", r.request_id.as_ref()), listed("face_id", r.face_id.as_ref()), listed("decision", r.decision.as_ref())]
            .into_iter()
            .flatten()
            .collect()
    });
    Receipt { remote_reference: Some(own.to_owned()), identifiers: identifiers.unwrap_or_default(), repeated }
}

impl IdentityService for Faceki {
    fn kind(&self) -> ServiceKind {
        KIND
    }

    fn capabilities(&self) -> Capabilities {
        let reconciles = self.config.reconcile_by_search;
        Capabilities {
            enrol: !self.config.workflow_id.is_empty(),
            authenticate: true,
            verify: false,
            search: true,
            insert: false,
            delete: false,
            delete_erases: false,
            status: reconciles,
            enrol_guarantee: if reconciles { Guarantee::ExactlyOnceByLookUp } else { Guarantee::AtMostOnce },
            // Nothing is called, so that nothing can be in doubt.
            delete_guarantee: Guarantee::ExactlyOnceByKey,
        }
    }

    /// Asks for a token and, where a workflow is configured, for its rules; neither is paid.
    fn check(&mut self) -> Result<(), ServiceError> {
        self.access_token()?;
        let workflow = self.config.workflow_id.clone();
        if workflow.is_empty() { Ok(()) } else { self.workflow_rules(&workflow).map(|_| ()) }
    }

    /// A record that was taken and declined is delivered: the service holds it. Its decision stands in the receipt.
    fn enrol(&mut self, delivery: &Delivery) -> Result<Receipt, ServiceError> {
        let workflow_id = self.config.workflow_id.clone();
        if workflow_id.is_empty() {
            return Err(ServiceError::unsent(KIND, ServiceFault::Misconfigured, "services.faceki.workflow_id is empty"));
        }
        let own = delivery.key.to_string();
        let mut documents = [None; 6];
        for (slot, picture) in documents.iter_mut().zip(&delivery.document) {
            *slot = Some(picture);
        }
        if documents[0].is_none() {
            return Err(ServiceError::unsent(KIND, ServiceFault::Incomplete, "a full verification needs a picture of the document"));
        }
        let selfie = best(&delivery.faces)?;
        let request = Verification { selfie, workflow_id: &workflow_id, documents, record_identifier: Some(&own) };
        let Records { result, .. } = self.kyc_verification(&request)?;
        if result.is_empty() {
            let error = ServiceError::unsent(KIND, ServiceFault::Garbled, "the reply holds no record");
            return Err(ServiceError { effect: Effect::Unknown, ..error });
        }
        Ok(receipt(result.first(), &own, false))
    }

    fn authenticate(&mut self, reference: &str, faces: &[SensitiveBytes]) -> Result<Opinion, ServiceError> {
        let found = self.search_by_face(best(faces)?)?.result;
        let own = found.iter().find(|r| r.record_identifier.as_deref() == Some(reference) || r.request_id.as_deref() == Some(reference));
        Ok(match own {
            Some(record) => Opinion {
                matched: judged(&self.config, record),
                score_percent: None,
                candidates: vec![(reference.to_owned(), None)],
                checks: checks(record),
            },
            None => Opinion { matched: Some(false), score_percent: None, candidates: Vec::new(), checks: Vec::new() },
        })
    }

    fn search(&mut self, picture: &SensitiveBytes) -> Result<Opinion, ServiceError> {
        let found = self.search_by_face(picture)?.result;
        let judgements: Vec<Option<bool>> = found.iter().map(|r| judged(&self.config, r)).collect();
        let matched = if judgements.contains(&Some(true)) {
            Some(true)
        } else if judgements.contains(&None) {
            None
        } else {
            Some(false)
        };
        let candidates = found.iter().filter_map(|r| Some((name(r)?.to_owned(), None))).collect();
        Ok(Opinion { matched, score_percent: None, candidates, checks: found.first().map(checks).unwrap_or_default() })
    }

    fn status(&mut self, delivery: &Delivery) -> Result<Known, ServiceError> {
        if !self.config.reconcile_by_search {
            return Err(ServiceError::not_offered(KIND, "asking about an earlier delivery"));
        }
        let own = delivery.key.to_string();
        let found = self.search_by_face(best(&delivery.faces)?)?.result;
        let record = found.iter().find(|r| r.record_identifier.as_deref() == Some(own.as_str()));
        Ok(record.map_or(Known::Absent, |r| Known::Arrived(receipt(Some(r), &own, true))))
    }

    fn clock_offset(&self) -> Option<i64> {
        self.session.clock_offset()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::services::wire::Reply as _;

    fn config() -> FacekiConfig {
        crate::config::Effective::from_layers(None, &[]).expect("defaults").config.services.faceki
    }

    fn record(json: &str) -> Record {
        let text = format!(r#"{{"status":true,"code":200,"result":[{json}]}}"#);
        Records::read(text.as_bytes()).unwrap().result.remove(0)
    }

    #[test]
    fn the_decision_outranks_the_flags() {
        let flags = r#""selfie_data":{"liveness_pass":true},"verification_summary":{"face_verified":true,"selfie_liveness_verified":true}"#;
        assert_eq!(judged(&config(), &record(&format!(r#"{{"decision":"DECLINED",{flags}}}"#))), Some(false));
        assert_eq!(judged(&config(), &record(&format!(r#"{{"decision":"ACCEPTED",{flags}}}"#))), Some(true));
        assert_eq!(judged(&config(), &record(&format!(r#"{{"decision":"REVIEW",{flags}}}"#))), None);
        assert_eq!(judged(&config(), &record(&format!(r#"{{"decision":"ASTONISHED",{flags}}}"#))), Some(false));
        assert_eq!(judged(&config(), &record(r#"{"decision":"ACCEPTED","selfie_data":{"liveness_pass":false}}"#)), Some(false));
        assert_eq!(judged(&config(), &record(r#"{"decision":"ACCEPTED"}"#)), Some(false), "liveness must be stated");
    }

    #[test]
    fn records_come_as_array_object_or_null() {
        let count = |result: &str| Records::read(format!(r#"{{"code":200,"result":{result}}}"#).as_bytes()).unwrap().result.len();
        assert_eq!((count("[{},{}]"), count(r#"{"decision":"ACCEPTED"}"#), count("null"), count("[]")), (2, 1, 0, 0));
    }
}
