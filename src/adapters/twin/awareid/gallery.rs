//! 1:N galleries (66-77).

use super::super::exchange::{Answer, Call, Flaw, Refusal, Reply};
use super::super::fields::{self, Fields as _};
use super::super::operation::Operation;
use super::enrolment::identity;
use super::knomi::{OTHER, SAME, template};
use super::people::{DEFAULT_GALLERY, Person};
use super::{AwareId, wrong};
use serde_json::{Value, json};

const ADD_MANY: &str = "/onboarding/gallery/addRegistrationsToGalleries";
const DELETE_MANY: &str = "/onboarding/gallery/deleteRegistrationsFromGalleries";

pub(super) const ROWS: &[Operation<AwareId>] = &[
    Operation::new(66, "register user into the default gallery", "POST", "/onboarding/gallery/registerUser", AwareId::register_user),
    Operation::new(67, "match face 1:N", "POST", "/onboarding/gallery/matchFace", AwareId::match_face),
    Operation::new(68, "create gallery", "POST", "/onboarding/gallery/addGallery", AwareId::add_gallery),
    Operation::new(69, "delete gallery", "POST", "/onboarding/gallery/deleteGallery", AwareId::delete_gallery),
    Operation::new(70, "list galleries", "GET", "/onboarding/gallery/listGallery", AwareId::list_galleries),
    Operation::new(71, "add user to gallery", "POST", "/onboarding/gallery/addRegistrationToGallery", AwareId::add_to_gallery),
    Operation::new(72, "add users to galleries", "POST", ADD_MANY, AwareId::add_to_galleries),
    Operation::new(
        73,
        "remove user from gallery",
        "POST",
        "/onboarding/gallery/deleteRegistrationFromGallery",
        AwareId::delete_from_gallery,
    ),
    Operation::new(74, "remove users from galleries", "POST", DELETE_MANY, AwareId::delete_from_galleries),
    Operation::new(75, "is user in gallery", "POST", "/onboarding/gallery/isRegistrationInGallery", AwareId::is_in_gallery),
    Operation::new(76, "galleries of a user", "POST", "/onboarding/gallery/listGalleryOfRegistration", AwareId::galleries_of_user),
    Operation::new(77, "users of a gallery", "POST", "/onboarding/gallery/listRegistrationInGallery", AwareId::users_of_gallery),
];

/// Galleries kept at most.
const MOST: usize = 1000;

/// The part of a paged list that a request asks for, with the fields that every such reply has.
pub(super) fn page(body: &Value, items: &[Value], required: bool) -> Result<Value, Flaw> {
    let field = |name: &str, default: i64| {
        let value = body.optional_integer(name)?;
        match value {
            None if required => Err(Flaw::Missing(name.to_owned())),
            None => Ok(default),
            Some(value) if value < 1 => Err(Flaw::NotAllowed(name.to_owned())),
            Some(value) => Ok(value),
        }
    };
    let (number, size) = (field("pageNumber", 1)?, field("pageSize", 100)?);
    let (n, s) = (usize::try_from(number).unwrap_or(usize::MAX), usize::try_from(size).unwrap_or(usize::MAX));
    let list: Vec<&Value> = items.iter().skip((n - 1).saturating_mul(s)).take(s).collect();
    Ok(json!({
        "pageNumber": number, "pageSize": size, "totalRecords": items.len(), "totalPages": items.len().div_ceil(s), "list": list,
    }))
}

impl AwareId {
    fn register_user(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let identity = identity(&body)?;
        let bytes = body.bytes("image")?;
        let face = fields::picture("image", &bytes)?;
        if face.faces != 1 {
            return Err(wrong(call, "The image does not show exactly one face").into());
        }
        if self.people.code_of(&identity.username).is_some() {
            return Err(wrong(call, "User exists already").into());
        }
        let code = self.register(identity, Some(face.person), None, bytes, Vec::new(), call)?;
        Ok(Reply::ok(&json!({ "registrationCode": code })))
    }

    fn gallery(&self, body: &Value, call: &Call) -> Result<String, Refusal> {
        let name = body.text("galleryName")?;
        self.existing(name, call)?;
        Ok(name.to_owned())
    }

    fn existing(&self, name: &str, call: &Call) -> Result<(), Refusal> {
        if self.people.gallery_exists(name) { Ok(()) } else { Err(wrong(call, &format!("Gallery '{name}' does not exist")).into()) }
    }

    fn match_face(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let face = body.picture("image")?;
        let gallery = body.optional_text("galleryName")?.filter(|g| !g.is_empty()).unwrap_or(DEFAULT_GALLERY);
        self.existing(gallery, call)?;
        let size = body.optional_integer("candidateListSize")?.unwrap_or(100);
        let size = usize::try_from(size).ok().filter(|s| *s > 0).ok_or_else(|| Flaw::NotAllowed("candidateListSize".to_owned()))?;
        let cutoff = body.optional_number("cutoffScorePercent")?.unwrap_or(50.0);
        if !(0.0..=100.0).contains(&cutoff) {
            return Err(Flaw::NotAllowed("cutoffScorePercent".to_owned()).into());
        }
        let with_image = body.optional_flag("includeImage")?.unwrap_or(false);
        let among = body.texts("candidateList")?;
        let mut found: Vec<(&Person, (f64, f64))> = self
            .people
            .iter()
            .filter(|p| (among.is_empty() || among.contains(&p.code)) && self.people.member(gallery, &p.code))
            .map(|p| (p, if p.face.as_deref() == Some(&face.person) { SAME } else { OTHER }))
            .filter(|(_, (_, percent))| *percent > cutoff)
            .collect();
        found.sort_by(|(_, a), (_, b)| b.1.total_cmp(&a.1));
        found.truncate(size);
        let item = |(p, (score, percent)): &(&Person, (f64, f64))| {
            let mut item = json!({ "registrationCode": p.code, "username": p.identity.username, "scorePercent": percent });
            if !call.shaped(2, 1) {
                item["score"] = json!(score);
            }
            if with_image {
                item["image"] = json!(fields::base64(&p.image));
            }
            item
        };
        Ok(Reply::ok(&json!({ "matchCount": found.len(), "list": found.iter().map(item).collect::<Vec<_>>() })))
    }

    fn add_gallery(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let name = body.text("galleryName")?;
        if self.people.gallery_exists(name) || self.people.galleries.len() >= MOST {
            return Err(wrong(call, &format!("Gallery '{name}' exists already")).into());
        }
        self.people.galleries.insert(name.to_owned(), Default::default());
        Ok(Reply::empty(200))
    }

    fn delete_gallery(&mut self, call: &Call) -> Answer {
        let name = self.gallery(&call.json()?, call)?;
        self.people.galleries.remove(&name).ok_or_else(|| wrong(call, "The default gallery cannot be deleted"))?;
        Ok(Reply::empty(if call.shaped(2, 1) { 204 } else { 200 }))
    }

    fn list_galleries(&mut self, call: &Call) -> Answer {
        let names = std::iter::once(DEFAULT_GALLERY).chain(self.people.galleries.keys().map(String::as_str));
        let list: Vec<Value> = names.map(|n| if call.shaped(2, 1) { json!({ "galleryName": n }) } else { json!(n) }).collect();
        Ok(Reply::ok(&json!({ "list": list })))
    }

    fn add_to_gallery(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let (gallery, code) = (self.gallery(&body, call)?, self.named(&body, call)?);
        self.put_in(&gallery, &code);
        Ok(Reply::empty(200))
    }

    fn put_in(&mut self, gallery: &str, code: &str) {
        if let Some(members) = self.people.galleries.get_mut(gallery) {
            members.insert(code.to_owned());
        }
    }

    /// Codes and galleries of the calls for several at once; everything is checked before anything is changed.
    fn several(&self, body: &Value, call: &Call) -> Result<(Vec<String>, Vec<String>), Refusal> {
        let galleries = body.texts("galleryNames")?;
        if galleries.is_empty() {
            return Err(Flaw::Missing("galleryNames".to_owned()).into());
        }
        for name in &galleries {
            self.existing(name, call)?;
        }
        let mut codes = Vec::new();
        for code in body.texts("registrationCodes")? {
            self.people.get(&code).ok_or_else(|| wrong(call, "Registration is not found"))?;
            codes.push(code);
        }
        for name in body.texts("usernames")? {
            codes.push(self.people.code_of(&name).ok_or_else(|| wrong(call, "User is not found"))?.to_owned());
        }
        if codes.is_empty() {
            return Err(Flaw::Missing("registrationCodes".to_owned()).into());
        }
        Ok((galleries, codes))
    }

    fn add_to_galleries(&mut self, call: &Call) -> Answer {
        let (galleries, codes) = self.several(&call.json()?, call)?;
        for gallery in &galleries {
            codes.iter().for_each(|code| self.put_in(gallery, code));
        }
        Ok(Reply::empty(200))
    }

    fn take_out(&mut self, gallery: &str, code: &str, call: &Call) -> Result<(), Reply> {
        let members = self.people.galleries.get_mut(gallery).ok_or_else(|| wrong(call, "Not possible on the default gallery"))?;
        members.remove(code);
        Ok(())
    }

    fn delete_from_gallery(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let (gallery, code) = (self.gallery(&body, call)?, self.named(&body, call)?);
        self.take_out(&gallery, &code, call)?;
        Ok(Reply::empty(200))
    }

    fn delete_from_galleries(&mut self, call: &Call) -> Answer {
        let (galleries, codes) = self.several(&call.json()?, call)?;
        for gallery in &galleries {
            for code in &codes {
                self.take_out(gallery, code, call)?;
            }
        }
        Ok(Reply::empty(200))
    }

    fn is_in_gallery(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let (gallery, code) = (self.gallery(&body, call)?, self.named(&body, call)?);
        Ok(Reply::ok(&json!({ "exist": self.people.member(&gallery, &code) })))
    }

    fn galleries_of_user(&mut self, call: &Call) -> Answer {
        let code = self.named(&call.json()?, call)?;
        let names = self.people.galleries.keys().map(String::as_str).filter(|g| self.people.member(g, &code));
        let list: Vec<&str> = std::iter::once(DEFAULT_GALLERY).chain(names).collect();
        Ok(Reply::ok(&json!({ "list": list })))
    }

    fn users_of_gallery(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let gallery = body.optional_text("galleryName")?.filter(|g| !g.is_empty()).unwrap_or(DEFAULT_GALLERY);
        self.existing(gallery, call)?;
        let with_image = body.optional_flag("includeImage")?.unwrap_or(false);
        let with_template = body.optional_flag("includeTemplate")?.unwrap_or(false);
        let item = |p: &Person| {
            let mut item = json!({ "registrationCode": p.code, "username": p.identity.username });
            if with_image {
                item["image"] = json!(fields::base64(&p.image));
            }
            if with_template {
                item["template"] = json!(p.face.as_deref().map(template));
            }
            item
        };
        // People come by registration code already.
        let items: Vec<Value> = self.people.iter().filter(|p| self.people.member(gallery, &p.code)).map(item).collect();
        Ok(Reply::ok(&page(&body, &items, false)?))
    }
}
