//! What `--camera synthetic:<scenario>` may say, and what the subject then does.
//!
//! A scenario is a list of words and settings with commas between, later ones over earlier ones: `identity=7,tone=5,glasses,left`.

use super::identity::{Glasses, SubjectIdentity};
use super::random::noise;
use super::state::{Background, Presentation, Scene, SubjectState};
use super::vector::{mix, smoothstep};
use crate::geometry::Size;
use std::fmt::Write as _;

/// How the subject moves over time.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Motion {
    /// Comes in from far and left, settles, blinks, holds, leaves; again and again.
    Visit,
    /// Stays, with the small sway and the blinks of somebody who stands.
    Stand,
    /// Nothing moves.
    Freeze,
    /// Turns slowly from side to side.
    Yaw,
    /// Nods slowly.
    Pitch,
    /// Opens and closes the mouth.
    Mouth,
    /// Smiles and stops.
    Smile,
    /// Blinks twice a second or so.
    Blink,
}

/// A scenario, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// The subjects; the first is the one nearer to the camera.
    pub people: Vec<SubjectIdentity>,
    /// Light, background and presentation.
    pub scene: Scene,
    /// Size of the pictures.
    pub size: Size,
    /// Frames a second.
    pub rate: f32,
    motion: Motion,
    state: SubjectState,
}

/// Text that is no scenario.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}; scenarios are {}", listing())]
pub struct ScenarioError {
    /// What is wrong with it.
    pub reason: String,
}

const WORDS: &[(&str, &str)] = &[
    ("default", "comes in from far and left, settles, blinks, holds, leaves, comes again"),
    ("stand", "stands at the right distance, sways a little, blinks"),
    ("still", "does not move at all"),
    ("too-far", "stands 1.6 m away"),
    ("too-close", "stands 0.3 m away"),
    ("left", "stands at the left of the picture"),
    ("right", "stands at the right of the picture"),
    ("high", "holds the face too high in the picture"),
    ("low", "holds the face too low in the picture"),
    ("dark", "three stops too little light"),
    ("bright", "two stops too much light"),
    ("side-light", "light from one side only"),
    ("warm", "light of an old bulb"),
    ("blurred", "out of focus"),
    ("noisy", "a noisy sensor"),
    ("yaw", "turns the head from side to side"),
    ("pitch", "nods"),
    ("eyes-closed", "keeps the eyes closed"),
    ("blinking", "blinks all the time"),
    ("mouth-open", "opens and closes the mouth"),
    ("smile", "smiles and stops"),
    ("glasses", "wears glasses"),
    ("dark-glasses", "wears dark glasses"),
    ("no-glasses", "wears none"),
    ("two-people", "somebody else stands behind"),
    ("nobody", "the empty room"),
    ("plain", "a plain wall behind"),
    ("office", "an office behind"),
    ("busy", "many things behind"),
    ("print", "attack: a printed photograph is held up"),
    ("screen", "attack: a screen is held up"),
    ("cut-out", "attack: a photograph cut along the outline of the head"),
    ("identity=N", "the person of seed N"),
    ("tone=N", "skin tone 1 (very light) to 10 (very dark)"),
    ("distance=M", "metres from the camera, 0.15-5"),
    ("yaw=D", "degrees turned to the subject's left, within 90"),
    ("pitch=D", "degrees upwards, within 60"),
    ("roll=D", "degrees towards the subject's right shoulder, within 90"),
    ("eyes=F", "opening of the eyes, 0-1.3"),
    ("mouth=F", "opening of the mouth, 0-1"),
    ("smile=F", "smile, 0-1"),
    ("x=M", "metres to the right in the picture, within 2"),
    ("y=M", "metres up, within 1"),
    ("ev=F", "stops of exposure, within 6"),
    ("noise=F", "standard deviation of the noise, 0-40 levels"),
    ("blur=F", "standard deviation of the blur, 0-20 pixels"),
    ("width=N", "columns of the picture, 160-3840; the height follows at 16:9 unless given"),
    ("height=N", "rows of the picture, 120-2160"),
    ("rate=F", "frames a second, 1-120"),
];

/// Words and settings of scenarios with their meaning, for the help text.
#[must_use]
pub const fn scenarios() -> &'static [(&'static str, &'static str)] {
    WORDS
}

fn listing() -> String {
    let mut text = String::new();
    for (i, (word, _)) in WORDS.iter().enumerate() {
        let _ = write!(text, "{}{word}", if i == 0 { "" } else { ", " });
    }
    text
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            people: vec![SubjectIdentity::from_seed(1)],
            scene: Scene::default(),
            size: Size::new(1280, 720),
            rate: 30.0,
            motion: Motion::Visit,
            state: SubjectState::default(),
        }
    }
}

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    /// [`ScenarioError`] for an unknown word or a value out of range; it lists what there is.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        let mut scenario = Self::default();
        let words: Vec<&str> = text.split(',').map(str::trim).filter(|w| !w.is_empty()).collect();
        // Any word that asks for a place or an act keeps the subject there, unless a motion is named as well.
        if words.iter().any(|w| *w != "default" && !w.starts_with("identity") && !w.starts_with("tone") && !is_surroundings(w)) {
            scenario.motion = Motion::Stand;
        }
        let (mut height, mut tone, mut glasses) = (None, None, None);
        for word in words {
            match word.split_once('=') {
                Some(("identity", value)) => {
                    let seed = value.parse().map_err(|_| wrong(format!("`{value}` is not a whole number")))?;
                    scenario.people = vec![SubjectIdentity::from_seed(seed)];
                }
                Some(("tone", value)) => tone = Some((number(value, 1.0, 10.0)? - 1.0) / 9.0),
                Some(("width", value)) => scenario.size.width = number(value, 160.0, 3840.0)? as u32,
                Some(("height", value)) => height = Some(number(value, 120.0, 2160.0)? as u32),
                Some((key, value)) => scenario.set(key, value)?,
                None if word == "glasses" => glasses = Some(Glasses::Rectangular),
                None if word == "dark-glasses" => glasses = Some(Glasses::Dark),
                None if word == "no-glasses" => glasses = Some(Glasses::None),
                None => scenario.word(word)?,
            }
        }
        scenario.size.height = height.unwrap_or(scenario.size.width * 9 / 16);
        if let Some(first) = scenario.people.first_mut() {
            if let Some(tone) = tone {
                *first = first.clone().with_tone(tone);
            }
            if let Some(glasses) = glasses {
                *first = first.clone().with_glasses(glasses);
            }
        }
        Ok(scenario)
    }

    fn word(&mut self, word: &str) -> Result<(), ScenarioError> {
        match word {
            "default" => self.motion = Motion::Visit,
            "stand" => self.motion = Motion::Stand,
            "still" => self.motion = Motion::Freeze,
            "too-far" => self.state.distance_m = 1.6,
            "too-close" => self.state.distance_m = 0.3,
            "left" => self.state.offset_x_m = -0.22,
            "right" => self.state.offset_x_m = 0.22,
            "high" => self.state.offset_y_m = 0.13,
            "low" => self.state.offset_y_m = -0.13,
            "dark" => {
                self.scene.light.exposure_ev = -3.0;
                self.scene.noise = self.scene.noise.max(4.0);
            }
            "bright" => self.scene.light.exposure_ev = 2.0,
            "side-light" => {
                self.scene.light.azimuth_deg = 78.0;
                self.scene.light.elevation_deg = 12.0;
                self.scene.light.ambient = 0.16;
            }
            "warm" => self.scene.light.temperature_k = 2900.0,
            "blurred" => self.scene.blur = 4.0,
            "noisy" => self.scene.noise = 9.0,
            "yaw" => self.motion = Motion::Yaw,
            "pitch" => self.motion = Motion::Pitch,
            "eyes-closed" => (self.state.eye_openness_left, self.state.eye_openness_right) = (0.0, 0.0),
            "blinking" => self.motion = Motion::Blink,
            "mouth-open" => self.motion = Motion::Mouth,
            "smile" => self.motion = Motion::Smile,
            "two-people" => {
                let seed = self.people.first().map_or(0, SubjectIdentity::seed).wrapping_add(4);
                self.people.truncate(1);
                self.people.push(SubjectIdentity::from_seed(seed));
            }
            "nobody" => self.people.clear(),
            "plain" => self.scene.background = Background::Plain,
            "office" => self.scene.background = Background::Office,
            "busy" => self.scene.background = Background::Busy,
            "print" => self.scene.presentation = Presentation::Print,
            "screen" => self.scene.presentation = Presentation::Screen,
            "cut-out" => self.scene.presentation = Presentation::CutOut,
            _ => return Err(wrong(format!("there is no scenario `{word}`"))),
        }
        Ok(())
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), ScenarioError> {
        let state = &mut self.state;
        match key {
            "distance" => state.distance_m = number(value, 0.15, 5.0)?,
            "yaw" => state.pose.yaw = number(value, -90.0, 90.0)?,
            "pitch" => state.pose.pitch = number(value, -60.0, 60.0)?,
            "roll" => state.pose.roll = number(value, -90.0, 90.0)?,
            "eyes" => {
                state.eye_openness_left = number(value, 0.0, 1.3)?;
                state.eye_openness_right = state.eye_openness_left;
            }
            "mouth" => state.mouth_open = number(value, 0.0, 1.0)?,
            "smile" => state.smile = number(value, 0.0, 1.0)?,
            "x" => state.offset_x_m = number(value, -2.0, 2.0)?,
            "y" => state.offset_y_m = number(value, -1.0, 1.0)?,
            "ev" => self.scene.light.exposure_ev = number(value, -6.0, 6.0)?,
            "noise" => self.scene.noise = number(value, 0.0, 40.0)?,
            "blur" => self.scene.blur = number(value, 0.0, 20.0)?,
            "rate" => self.rate = number(value, 1.0, 120.0)?,
            _ => return Err(wrong(format!("there is no setting `{key}`"))),
        }
        Ok(())
    }

    /// What every subject does `seconds` after the start; empty while nobody is there.
    #[must_use]
    pub fn states(&self, seconds: f32) -> Vec<SubjectState> {
        let Some(first) = self.people.first() else { return Vec::new() };
        let Some(own) = self.first_state(seconds, first.seed() as u32) else { return Vec::new() };
        let mut states = vec![own];
        for (k, other) in self.people.iter().enumerate().skip(1) {
            let mut state =
                SubjectState { distance_m: self.state.distance_m + 0.45, offset_x_m: 0.34, offset_y_m: 0.02, ..SubjectState::default() };
            sway(&mut state, seconds, other.seed() as u32 + k as u32, 1.0);
            states.push(state);
        }
        states
    }

    fn first_state(&self, t: f32, seed: u32) -> Option<SubjectState> {
        let mut state = self.state;
        match self.motion {
            Motion::Freeze => {}
            Motion::Visit => return visit(state, t, seed),
            Motion::Stand => {
                sway(&mut state, t, seed, 1.0);
                blink(&mut state, t, 3.6);
            }
            Motion::Yaw => {
                state.pose.yaw += 38.0 * (t * 0.9).sin();
                blink(&mut state, t, 4.1);
            }
            Motion::Pitch => {
                state.pose.pitch += 22.0 * (t * 1.1).sin();
                blink(&mut state, t, 4.1);
            }
            Motion::Mouth => {
                state.mouth_open = state.mouth_open.max(0.5 - 0.5 * (t * 2.4).cos());
                sway(&mut state, t, seed, 0.6);
            }
            Motion::Smile => {
                state.smile = state.smile.max(0.5 - 0.5 * (t * 1.6).cos());
                sway(&mut state, t, seed, 0.6);
            }
            Motion::Blink => blink(&mut state, t, 0.6),
        }
        Some(state)
    }
}

/// Words that say nothing about where the subject is or what it does.
fn is_surroundings(word: &str) -> bool {
    const SURROUNDINGS: [&str; 17] = [
        "glasses",
        "dark-glasses",
        "no-glasses",
        "two-people",
        "plain",
        "office",
        "busy",
        "dark",
        "bright",
        "side-light",
        "warm",
        "blurred",
        "noisy",
        "print",
        "screen",
        "cut-out",
        "nobody",
    ];
    const SETTINGS: [&str; 6] = ["ev=", "noise=", "blur=", "width=", "height=", "rate="];
    SURROUNDINGS.contains(&word) || SETTINGS.iter().any(|s| word.starts_with(s))
}

const VISIT_SECONDS: f32 = 20.0;

/// In for three seconds, there for fourteen, out for two, away for one.
fn visit(at_rest: SubjectState, t: f32, seed: u32) -> Option<SubjectState> {
    let t = t.rem_euclid(VISIT_SECONDS);
    if t > VISIT_SECONDS - 1.0 {
        return None;
    }
    let mut state = at_rest;
    let arrived = smoothstep(0.0, 3.0, t);
    let leaving = smoothstep(VISIT_SECONDS - 3.0, VISIT_SECONDS - 1.0, t);
    state.distance_m = mix(1.9, at_rest.distance_m, arrived) + 1.2 * leaving;
    state.offset_x_m = mix(-0.62, at_rest.offset_x_m, arrived) + 1.5 * leaving;
    state.offset_y_m += 0.012 * (t * 8.5).sin() * (1.0 - arrived + leaving);
    // Faces where the feet go, then the camera.
    state.pose.yaw += 16.0 * (1.0 - arrived) + 34.0 * leaving;
    sway(&mut state, t, seed, 1.0);
    blink(&mut state, t, 3.4);
    Some(state)
}

/// The small movements of somebody who stands still.
fn sway(state: &mut SubjectState, t: f32, seed: u32, amount: f32) {
    let wave = |rate: f32, k: u32| amount * noise(t * rate, 0.5, seed.wrapping_mul(7).wrapping_add(k));
    state.pose.yaw += 1.6 * wave(0.5, 1);
    state.pose.pitch += 1.2 * wave(0.4, 2);
    state.pose.roll += 1.0 * wave(0.3, 3);
    state.offset_x_m += 0.0035 * wave(0.35, 4);
    state.offset_y_m += 0.0020 * wave(0.30, 5);
    state.distance_m += 0.0050 * wave(0.25, 6);
    state.smile += 0.08 * (wave(0.2, 7) + amount);
}

/// One blink of a sixth of a second in every period.
fn blink(state: &mut SubjectState, t: f32, every: f32) {
    let since = (t + 0.5 * every).rem_euclid(every);
    let open = (smoothstep(0.0, 0.07, since) - 1.0).abs();
    let shut = 1.0 - open;
    let lids = if since < 0.20 { if since < 0.07 { 1.0 - shut } else { smoothstep(0.10, 0.20, since) } } else { 1.0 };
    state.eye_openness_left *= lids;
    state.eye_openness_right *= lids;
}

fn wrong(reason: String) -> ScenarioError {
    ScenarioError { reason }
}

fn number(text: &str, low: f32, high: f32) -> Result<f32, ScenarioError> {
    match text.parse::<f32>() {
        Ok(value) if (low..=high).contains(&value) => Ok(value),
        Ok(_) => Err(wrong(format!("`{text}` is not between {low} and {high}"))),
        Err(_) => Err(wrong(format!("`{text}` is not a number"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_word_is_read() {
        for (word, _) in scenarios() {
            let text = match word.split_once('=') {
                Some((key @ ("width" | "height"), _)) => format!("{key}=320"),
                Some((key @ ("noise" | "rate" | "identity" | "tone" | "blur"), _)) => format!("{key}=3"),
                Some((key, _)) => format!("{key}=0.5"),
                None => (*word).to_owned(),
            };
            let scenario = Scenario::parse(&text).unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!(scenario.states(5.0).is_empty(), *word == "nobody", "{text}");
        }
    }

    #[test]
    fn nonsense_is_refused_with_the_list() {
        for text in ["dancing", "tone=11", "tone=x", "yaw=400", "identity=-1", "colour=3", "width=5", "distance=nan", "eyes="] {
            let error = Scenario::parse(text).expect_err(text).to_string();
            assert!(error.contains("two-people") && error.contains("identity=N"), "{error}");
        }
    }

    #[test]
    fn words_and_settings_combine() {
        let s = Scenario::parse("identity=7, tone=10,glasses,left,print,yaw=12,width=640").expect("all of them exist");
        assert_eq!(s.people[0].seed(), 7);
        assert_eq!(s.people[0].tone, 1.0);
        assert_eq!(s.people[0].glasses, Glasses::Rectangular);
        assert_eq!(s.scene.presentation, Presentation::Print);
        assert_eq!(s.size, Size::new(640, 360));
        let state = s.states(1.0)[0];
        assert!(state.offset_x_m < -0.2 && (state.pose.yaw - 12.0).abs() < 2.0);
        assert_eq!(Scenario::parse("two-people").expect("listed").people.len(), 2);
        assert_eq!(Scenario::parse("").expect("nothing asks for the default"), Scenario::default());
    }

    #[test]
    fn the_visitor_comes_near_holds_and_leaves() {
        let s = Scenario::default();
        let (early, held) = (s.states(0.1)[0], s.states(8.0)[0]);
        assert!(early.distance_m > 1.5 && early.offset_x_m < -0.4);
        assert!((held.distance_m - 0.6).abs() < 0.02 && held.offset_x_m.abs() < 0.01 && held.pose.yaw.abs() < 3.0);
        assert!(s.states(VISIT_SECONDS - 0.5).is_empty());
        assert_eq!(s.states(1.0), s.states(1.0));
    }

    #[test]
    fn blinks_close_both_eyes_now_and_then() {
        let s = Scenario::parse("stand").expect("listed");
        let openings: Vec<f32> = (0..300).map(|k| s.states(k as f32 / 30.0)[0].eye_openness_left).collect();
        assert!(openings.iter().any(|o| *o < 0.2));
        assert!(openings.iter().filter(|o| **o > 0.9).count() > 250);
    }
}
