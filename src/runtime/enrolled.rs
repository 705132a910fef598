//! The people enrolled: the store with its in-memory index, and every question about them that needs both. Lives on the gallery's thread.

use super::search;
use crate::advice::{Advice, Advised as _};
use crate::biometrics::comparison::{self, Calibration, Comparison, ComparisonError, MatchLevel, SimilarityScore, VerificationDecision};
use crate::biometrics::identification::decision::{Identification, IdentificationDecision, IdentificationPolicy, UnknownReason};
use crate::biometrics::identification::ranking::merge;
use crate::biometrics::identification::{Candidate, Index};
use crate::biometrics::template::{Template, TemplateFormat};
use crate::ports::gallery::{DEFAULT_GALLERY, ErasureReceipt, GalleryError, GalleryStore, NewEnrolment, SubjectId};
use crate::runtime::document::duplicate::{is_same, search_number};
use crate::runtime::document::matching::{self, Thresholds};
use crate::units::{SensitiveText, UtcTime};
use crate::workflow::capture::event::Fault;
use crate::workflow::document::{NumberSearch, PortraitComparison};
use crate::workflow::flow::event::{SavedEnrolment, SearchAnswer};
use crate::workflow::flow::setup::SearchScope;
use crate::workflow::registration_code::RegistrationCode;
use crate::workflow::view::{CandidateView, SearchBasis};
use std::collections::HashSet;

/// What to do where people are enrolled and none of their templates compares: they were made by another recogniser.
pub const NOT_COMPARABLE: Advice = Advice::environment(
    "GAL-54",
    "Make templates from the stored pictures with `visavis gallery reindex`, or use the models that people were enrolled with.",
);

/// How scores become decisions.
#[derive(Debug, Clone)]
pub struct DecisionRules {
    /// Recogniser whose templates are compared.
    pub format: TemplateFormat,
    /// Its calibration; without one every decision is a fault, never a guess.
    pub calibration: Option<Calibration>,
    /// The one for portraits of documents against living faces, where that was measured for this recogniser.
    pub document_calibration: Option<Calibration>,
    /// Level of 1:1 decisions.
    pub level: MatchLevel,
    /// Rules of 1:N decisions.
    pub policy: IdentificationPolicy,
    /// Lead of the first candidate over the second, score percent, below which nobody is named.
    pub margin_percent: f32,
    /// Threads of a search.
    pub threads: usize,
}

/// The store and its index.
pub struct Enrolled {
    store: Box<dyn GalleryStore>,
    index: Index,
    /// Of the store, when the index was loaded; `None` when it has to be loaded again.
    revision: Option<u64>,
    rules: DecisionRules,
}

impl Enrolled {
    /// Loads the index of the rules' recogniser from the store.
    ///
    /// # Errors
    /// [`GalleryError`] as the store gives it.
    pub fn load(store: Box<dyn GalleryStore>, rules: DecisionRules) -> Result<Self, GalleryError> {
        let mut enrolled = Self { index: Index::new(rules.format.clone()), store, revision: None, rules };
        enrolled.reload()?;
        Ok(enrolled)
    }

    /// The store, for questions that need no index. A change made through it is seen by its revision.
    pub fn store(&mut self) -> &mut dyn GalleryStore {
        &mut *self.store
    }

    /// Decides by other rules from now on.
    pub fn use_rules(&mut self, level: MatchLevel, policy: IdentificationPolicy, margin_percent: f32) {
        self.rules = DecisionRules { level, policy, margin_percent, ..self.rules.clone() };
    }

    /// People in the gallery.
    ///
    /// # Errors
    /// [`GalleryError`] as the store gives it.
    pub fn count(&self) -> Result<u64, GalleryError> {
        Ok(self.store.galleries()?.into_iter().find(|g| g.name == DEFAULT_GALLERY).map_or(0, |g| g.members))
    }

    /// Saves an enrolment under the first of `codes` that nobody has, durable on return.
    ///
    /// # Errors
    /// [`GalleryError`]; nothing was saved then.
    pub fn enrol(&mut self, mut enrolment: NewEnrolment, codes: &[RegistrationCode]) -> Result<SavedEnrolment, GalleryError> {
        self.refresh()?;
        for code in codes {
            if self.store.subject_by_code(&code.compact())?.is_some() {
                continue;
            }
            enrolment.registration_code = code.compact();
            self.store.enrol(&enrolment)?;
            self.follow(|index| {
                index.remove(enrolment.subject);
                enrolment.templates.iter().try_for_each(|(template, _)| index.insert(enrolment.subject, template))
            });
            return Ok(SavedEnrolment { subject: enrolment.subject, registration_code: *code });
        }
        Err(GalleryError::Conflict { what: "record", name: "registration code".to_owned() })
    }

    /// Erases a person for good, from the index too.
    ///
    /// # Errors
    /// [`GalleryError`] as the store gives it.
    pub fn erase(&mut self, subject: SubjectId, reason: &str, at: UtcTime) -> Result<ErasureReceipt, GalleryError> {
        self.refresh()?;
        // Out of the index first: should the store fail half-way, nobody is identified as a person who asked to be forgotten.
        self.index.remove(subject);
        let erased = self.store.erase(subject, reason, at);
        if erased.is_ok() {
            self.follow(|_| Ok::<_, GalleryError>(()));
        } else {
            self.reload()?;
        }
        erased
    }

    /// The person a code was handed to.
    ///
    /// # Errors
    /// [`Fault`] of the gallery.
    pub fn look_up(&mut self, code: &RegistrationCode) -> Result<Option<SubjectId>, Fault> {
        self.store.subject_by_code(&code.compact()).map_err(|e| gallery_fault(&e))
    }

    /// 1:1 with a person's own active templates; the best pair counts. `None` if none of theirs compares.
    ///
    /// # Errors
    /// [`Fault`] of the gallery, or of the calibration.
    pub fn compare(&mut self, subject: SubjectId, probes: &[Template]) -> Result<Option<Comparison>, Fault> {
        let references = self.store.templates_of(subject).map_err(|e| gallery_fault(&e))?;
        let calibration = self.calibration()?;
        let pairs = references.iter().filter(|r| r.format() == &self.rules.format).flat_map(|r| probes.iter().map(move |p| (r, p)));
        let mut best: Option<Comparison> = None;
        for (reference, probe) in pairs {
            let found = comparison::verify(reference, probe, calibration, self.rules.level).map_err(|e| decision_fault(&e))?;
            if best.is_none_or(|b| found.score > b.score) {
                best = Some(found);
            }
        }
        Ok(best)
    }

    /// A document's portrait against the living face, by the calibration for documents where it reaches the level in force. `None` if no two
    /// templates compare.
    ///
    /// # Errors
    /// [`Fault`] of the calibration.
    pub fn compare_portrait(&self, references: &[Template], probes: &[Template]) -> Result<Option<PortraitComparison>, Fault> {
        let DecisionRules { document_calibration, level, .. } = &self.rules;
        let thresholds = Thresholds { documents: document_calibration.as_ref(), live: self.calibration()?, level: *level };
        matching::best(references, probes, thresholds).map_err(|e| decision_fault(&e))
    }

    /// Who is enrolled with a document's number, and whether it is the person of the probes.
    ///
    /// # Errors
    /// [`Fault`] of the gallery.
    pub fn document_holder(&mut self, numbers: &[SensitiveText], probes: &[Template]) -> Result<NumberSearch, Fault> {
        let (store, DecisionRules { calibration, level, .. }) = (&*self.store, &self.rules);
        let mut holds = |holder| Ok(is_same(&store.templates_of(holder)?, probes, calibration.as_ref(), *level));
        search_number(store, numbers, &mut holds).map_err(|e| gallery_fault(&e))
    }

    /// 1:N: the candidate list, and whether its first is named.
    ///
    /// # Errors
    /// [`Fault`] of the gallery, or of the calibration; [`NOT_COMPARABLE`] where people are enrolled and nobody can be compared with.
    pub fn identify(&mut self, probes: &[Template], scope: &SearchScope) -> Result<SearchAnswer, Fault> {
        let asked = self.asked_about(scope).map_err(|e| gallery_fault(&e))?;
        let IdentificationPolicy { list_size, cut_off_percent, .. } = self.rules.policy;
        let policy = IdentificationPolicy {
            list_size: scope.list_size.unwrap_or(list_size),
            cut_off_percent: scope.cut_off_percent.unwrap_or(cut_off_percent),
            ..self.rules.policy
        };
        let identification = self.search(probes, &policy, policy.search_size(), asked.as_deref())?;
        let people = asked.map_or_else(|| self.count(), |asked| Ok(asked.len() as u64));
        if identification.searched == 0 && people.map_err(|e| gallery_fault(&e))? > 0 {
            return Err(Fault { message_key: "trouble-other-models", ..Fault::gallery(NOT_COMPARABLE.code) });
        }
        let candidates = self.views(&identification, |_| true)?;
        let named = matches!(identification.decision, IdentificationDecision::Identified(subject)
            if candidates.first().is_some_and(|first| first.subject == subject));
        let lead = match &candidates[..] {
            [first, second, ..] => first.comparison.score_percent - second.comparison.score_percent,
            _ => f32::INFINITY,
        };
        let decided = named && lead >= self.rules.margin_percent;
        let decision = match identification.decision {
            IdentificationDecision::Identified(_) if decided => identification.decision,
            IdentificationDecision::Identified(_) if named => IdentificationDecision::Ambiguous,
            // Not on the list: below its cut-off, or erased by another process meanwhile.
            IdentificationDecision::Identified(_) => IdentificationDecision::Unknown(UnknownReason::BelowThreshold),
            other => other,
        };
        let basis = SearchBasis {
            decision,
            searched: identification.searched,
            threshold: identification.threshold,
            false_match_rate: identification.false_match_rate,
            false_positive_identification_rate: identification.false_positive_identification_rate,
            margin_percent: identification.margin_percent,
        };
        Ok(SearchAnswer { candidates, decided, basis })
    }

    /// People who may be the same as the probes', but for `except`: those who reach the search's threshold, or, where the calibration
    /// supports none at the gallery's size, the strictest there is. Best first.
    ///
    /// # Errors
    /// [`Fault`] of the gallery, or of the calibration.
    pub fn duplicates(&mut self, probes: &[Template], except: Option<SubjectId>) -> Result<Vec<CandidateView>, Fault> {
        let one_more = self.rules.policy.search_size().saturating_add(1);
        // Nobody is let in by it, and somebody looks: among few people it may be laxer than a comparison.
        let policy = IdentificationPolicy { highest_false_match_rate: 1.0, ..self.rules.policy };
        let identification = self.search(probes, &policy, one_more, None)?;
        let views = self.views(&identification, |subject| Some(subject) != except)?;
        Ok(views.into_iter().filter(|c| c.comparison.decision == VerificationDecision::Match).collect())
    }

    /// The people a search is limited to; `None` for everybody.
    fn asked_about(&self, scope: &SearchScope) -> Result<Option<Vec<SubjectId>>, GalleryError> {
        let members = scope.gallery.as_deref().map(|gallery| self.store.member_ids(gallery)).transpose()?;
        Ok(match (members, &scope.among) {
            (Some(members), Some(among)) => {
                let among: HashSet<SubjectId> = among.iter().copied().collect();
                Some(members.into_iter().filter(|member| among.contains(member)).collect())
            }
            (members, among) => members.or_else(|| among.clone()),
        })
    }

    fn search(
        &mut self,
        probes: &[Template],
        policy: &IdentificationPolicy,
        size: usize,
        only: Option<&[SubjectId]>,
    ) -> Result<Identification, Fault> {
        self.refresh().map_err(|e| gallery_fault(&e))?;
        let calibration = self.calibration()?;
        let within = only.map(|subjects| self.index.restriction(subjects.iter().copied()));
        let mut parts: Vec<Vec<Candidate>> = Vec::new();
        for probe in probes {
            let found = search::search(&self.index, probe, size, within.as_ref(), self.rules.threads);
            parts.push(found.map_err(|e| decision_fault(&ComparisonError::from(e)))?);
        }
        // Every further probe is a further chance of a false match.
        let compared = self.index.searched(within.as_ref()).saturating_mul(probes.len());
        Ok(policy.decide(&merge(parts, size), compared, calibration))
    }

    /// The listed candidates with what people read, judged at the search's threshold; at the strictest there is where so many would need a
    /// stricter one.
    fn views(&self, found: &Identification, wanted: impl Fn(SubjectId) -> bool) -> Result<Vec<CandidateView>, Fault> {
        let calibration = self.calibration()?;
        let strictest = || calibration.points().last().map(|point| (SimilarityScore(point.threshold), point.fmr));
        let threshold = found.threshold.zip(found.false_match_rate).or_else(strictest);
        let mut views = Vec::new();
        for candidate in found.candidates.iter().filter(|c| wanted(c.subject)) {
            let summary = match self.store.subject(candidate.subject) {
                Ok(details) => details.summary,
                // Erased by another process since the index was loaded.
                Err(GalleryError::NotFound { .. }) => continue,
                Err(error) => return Err(gallery_fault(&error)),
            };
            let mut comparison = calibration.judge(candidate.score, self.rules.level).map_err(|e| decision_fault(&e))?;
            if let Some((threshold, rate)) = threshold {
                comparison = at_threshold(comparison, threshold, rate);
            }
            views.push(CandidateView {
                subject: candidate.subject,
                display_name: summary.display_name,
                registration_code: summary.registration_code,
                comparison,
            });
        }
        Ok(views)
    }

    fn calibration(&self) -> Result<&Calibration, Fault> {
        let missing = || ComparisonError::Uncalibrated { recogniser: self.rules.format.recogniser.to_string() };
        self.rules.calibration.as_ref().ok_or_else(|| decision_fault(&missing()))
    }

    /// Loads the index again if another process has changed the store.
    fn refresh(&mut self) -> Result<(), GalleryError> {
        if Some(self.store.revision()?) == self.revision { Ok(()) } else { self.reload() }
    }

    fn reload(&mut self) -> Result<(), GalleryError> {
        let revision = self.store.revision()?;
        let mut index = Index::new(self.rules.format.clone());
        let mut refused = None;
        self.store.for_each_template(&self.rules.format, &mut |entry| {
            if let Err(error) = index.insert(entry.subject, &entry.template) {
                refused = Some(error);
            }
        })?;
        if let Some(error) = refused {
            return Err(GalleryError::Damaged { what: error.to_string() });
        }
        self.index = index;
        self.revision = Some(revision);
        Ok(())
    }

    /// Applies our own change to the index, so that it need not be loaded again. Should another process have written in between, or the
    /// change not fit, the next question loads the index.
    fn follow<E>(&mut self, change: impl FnOnce(&mut Index) -> Result<(), E>) {
        let applied = change(&mut self.index).is_ok();
        let now = self.store.revision().ok().filter(|now| applied && self.revision.is_some_and(|before| *now == before + 1));
        self.revision = now;
    }
}

/// Prints sizes only.
impl std::fmt::Debug for Enrolled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Enrolled({:?}, revision {:?})", self.index, self.revision)
    }
}

fn at_threshold(comparison: Comparison, threshold: SimilarityScore, false_match_rate: f64) -> Comparison {
    let decision = if comparison.score >= threshold { VerificationDecision::Match } else { VerificationDecision::NonMatch };
    Comparison { threshold, false_match_rate, decision, ..comparison }
}

/// The gallery's error as a flow sees it.
#[must_use]
pub fn gallery_fault(error: &GalleryError) -> Fault {
    tracing::warn!(code = error.advice().code, %error, "gallery");
    Fault::gallery(error.advice().code)
}

fn decision_fault(error: &ComparisonError) -> Fault {
    tracing::warn!(code = error.advice().code, %error, "decision");
    Fault::model(error.advice().code)
}

#[cfg(test)]
mod tests;
