# Every word a person reads, English. Short, second person, no jargon, no blame; a refusal says what happens next.

app-name = Visavis
practice-ribbon = PRACTICE
practice-name = Practice mode: nothing here is real
language-name = Language
one-in = 1 in { $people }
moment = { $day } { $month } { $year }, { $clock }
date = { $day } { $month } { $year }
month-01 = Jan
month-02 = Feb
month-03 = Mar
month-04 = Apr
month-05 = May
month-06 = Jun
month-07 = Jul
month-08 = Aug
month-09 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec

## Actions
action-cancel = Cancel
action-back = Back
action-next = Continue
action-done = Done
action-retry = Try again
action-retake = Take it again
action-save = Save and finish
action-close = Close
action-officer = Call an officer
action-leave = End here

## Attract
attract-welcome = Welcome. It only takes a minute.
attract-promise = You look into the camera, we do the rest. Your picture stays on this machine.
attract-question = What would you like to do?
attract-enrol = I am new here
attract-enrol-line = Register your face and get your code
attract-returning = I am already registered
attract-returning-line = Confirm that it is you
attract-privacy = Nothing is recorded until you agree on the next screen.

## Steps
step-consent = Your consent
step-details = Your details
step-document = Your document
step-face = Your picture
step-liveness = A small movement
step-review = Check
step-result = Done

## Consent
consent-title = Before we take your picture
consent-what = What we take
consent-what-line = One picture of your face, and numbers worked out from it that let us recognise you again.
consent-why = Why
consent-why-line = To confirm that it is you on your next visit, and that nobody else uses your name.
consent-long = For how long
consent-long-line = Until you ask us to erase it. Then the picture, the numbers and their key are destroyed.
consent-who = Who sees it
consent-who-line = Staff of this branch. It is kept encrypted on this machine.
consent-agree = I agree
consent-refuse = I do not agree
consent-free = You may say no. An officer will then help you another way.

## Details
details-title = Tell us who you are
details-title-returning = Your registration code
details-optional = optional
details-page = { $page } of { $pages }
details-keyboard-show = Show keyboard
details-keyboard-hide = Hide keyboard
field-full-name = Full name
field-given-name = Given name
field-family-name = Family name
field-birth-date = Date of birth
field-date-of-birth = Date of birth
field-document-number = Document number
field-phone = Phone number
field-email = E-mail
field-registration-code = Registration code
problem-required = Please fill this in.
problem-date = Please write the date as year-month-day, like 1990-04-23.
problem-email = Please check the address; it needs an @ sign.
problem-phone = Please use digits only, with + in front if you like.
problem-code = This is not a complete code. It has eight letters and digits.
problem-code-unknown = We do not know this code. Please check it.
key-space = Space
key-delete = Delete
key-shift = Capital letters
key-symbols = Figures and signs
key-letters = Letters
key-name = Key { $key }

## Face
face-starting = The camera is starting
face-checking = One moment, please
face-captured = Thank you
face-again = Let us try that again
face-no-attempts = That did not work this time
face-interrupted = The camera was interrupted
feedback-compliant = Perfect, hold still
feedback-no-face = Look at the camera
feedback-several-faces = One person at a time, please
feedback-look-straight = Look straight ahead
feedback-closer = Come a little closer
feedback-back = Step back a little
feedback-move-left = Move a little to the left
feedback-move-right = Move a little to the right
feedback-move-down = Come down a little
feedback-move-up = Stand a little taller
feedback-more-light = Find a little more light
feedback-less-light = Turn away from the bright light
feedback-even-light = Turn so that light falls evenly
feedback-open-eyes = Keep both eyes open
feedback-glasses = Please take off the dark glasses
feedback-hold-still = Hold still for a moment
feedback-close-mouth = Close your mouth, please
feedback-turn-left = Turn your head to the left
feedback-turn-right = Turn your head to the right
feedback-chin-up = Raise your chin a little
feedback-chin-down = Lower your chin a little
feedback-tilt-left = Tilt your head to the left
feedback-tilt-right = Tilt your head to the right
amount-centimetres = about { $cm } cm
amount-slight = only a touch
attempts-left = { $n ->
    [0] No attempts left
    [one] Last attempt
   *[other] { $shown } attempts left
}

## Quality
quality-none = –
quality-sharpness = Sharpness
quality-illumination = Even light
quality-illumination-uniformity = Even light
quality-exposure = Exposure
quality-face-exposure = Exposure
quality-luminance-mean = Brightness
quality-luminance-variance = Contrast
quality-under-exposure = Not too dark
quality-over-exposure = Not too bright
quality-under-exposure-prevention = Not too dark
quality-over-exposure-prevention = Not too bright
quality-dynamic-range = Range of tones
quality-natural-colour = Natural colour
quality-background = Plain background
quality-background-uniformity = Plain background
quality-compression = Clean picture
quality-compression-artifacts = Clean picture
quality-single-face = One face
quality-single-face-present = One face
quality-eyes-open = Eyes open
quality-mouth-closed = Mouth closed
quality-inter-eye-distance = Eye distance
quality-head-size = Head size
quality-leftward-crop = Room at the left
quality-rightward-crop = Room at the right
quality-margin-above = Room above
quality-margin-below = Room below
quality-pose = Head straight
quality-yaw = Head turn
quality-pitch = Chin height
quality-roll = Head tilt
quality-head-pose-yaw = Head turn
quality-head-pose-pitch = Chin height
quality-head-pose-roll = Head tilt

## Working
working-title = One moment, please
working-wait = This takes a few seconds.
working-assessing = We are checking your picture
working-comparing = We are comparing the pictures
working-searching = We are looking through the gallery
working-saving = We are saving your registration

## Review
review-title = Is this right?
review-line = This picture and these details will be kept.
review-no-details = No details were asked for.
review-duplicates = Possibly known already
review-duplicates-line = Only you see this. Compare the faces before you save.
review-no-duplicates = Nobody alike in the gallery

## Result
result-enrolled = You are registered
result-enrolled-line = Keep this code. You will need it on your next visit.
result-code = Registration code
result-held = Almost done
result-held-line = An officer will look at your registration and finish it with you. Please take this code along.
result-match = It is you
result-match-line = Your identity is confirmed.
result-no-match = We could not confirm that it is you
result-no-match-line = Please try again, or ask an officer. Nothing was changed.
result-identified = Found
result-identified-line = One person stands out clearly.
result-undecided = Several people are alike
result-undecided-line = No one stands out. Please compare the faces yourself.
result-unknown = Unknown
result-unknown-line = Nobody in this gallery is alike enough. This is an answer, not a fault.
result-unknown-size-line = Too many people to name one: the thresholds reach as far as { $shown }. Compare the faces, or search a smaller gallery.
result-unknown-nobody-line = There is nobody in this gallery to compare with.
result-searched = Searched: the gallery “{ $gallery }”.
result-refused = We cannot go on
result-returns = { $n ->
    [0] Going back to the start
    [one] Back to the start in 1 second
   *[other] Back to the start in { $shown } seconds
}
result-support = Support code { $code }
result-aloud = Read aloud: { $code }
refused-consent = You did not agree, so nothing was taken. An officer will help you another way.
refused-pad = We could not be sure that a person stands in front of the camera. An officer will help you.
refused-attempts = The attempts are used up. Take a break and try again, or ask an officer.
refused-time = Time ran out. You can start again whenever you like.
refused-quality = The picture did not become clear enough. An officer will help you.
refused-duplicate = An officer needs to look at this before it can be saved.
refused-unknown-code = We do not know this code. Please check it or ask an officer.
refused-cancelled = Stopped. Nothing was saved.

## Trouble
trouble-title = Something needs attention
trouble-recovering = This mends itself. Please wait a moment.
trouble-camera = The camera does not answer.
trouble-camera-recovering = The camera is coming back.
trouble-gallery = Registrations cannot be saved at the moment.
trouble-other-models = Everybody here was registered with another recognition.
trouble-model = The recognition is not ready.
trouble-worker = Part of the program stopped.
trouble-help = Please call an officer.

## Score
score-threshold = Threshold
score-meaning = At this threshold { $one-in } strangers would pass.
score-percent = { $percent } %
score-level = Match level { $level } of 5
score-level-none = Below match level 1
score-value = Similarity { $score }, threshold { $threshold }
decision-match = Match
decision-no-match = No match
decision-unknown = Unknown
decision-margin = { $margin } points ahead of the next

## Desk
rail-name = Pages
page-today = Today
page-verify = Verify
page-enrol = Enrol
page-identify = Identify
page-gallery = Gallery
page-devices = Devices
page-settings = Settings
palette-open = Commands
palette-hint = What would you like to do?
palette-none = No such command
palette-person = Find “{ $text }” in the gallery
palette-theme = Switch between light and dark
palette-motion = Switch movement on or off
palette-language = Language: { $language }
palette-cameras = Look for cameras again

## Status bar
status-camera-off = No camera in use
status-camera-opening = Camera starting
status-camera-streaming = Camera { $rate }/s
status-camera-recovering = Camera lost { $code }
status-models = { $models } on { $backend }
status-enrolled = { $n ->
    [0] Gallery empty
    [one] 1 person
   *[other] { $shown } people
}
status-keys-os = Keys in the system’s key store
status-keys-file = Keys in a file
status-keys-memory = Keys in memory
status-practice = Practice

## Today
today-title = Good to see you
today-verify = Verify somebody
today-verify-line = Against their own record, with their code
today-enrol = Enrol somebody
today-enrol-line = Consent, details, picture
today-identify = Identify somebody
today-identify-line = Against everybody in the gallery
today-recent = Latest registrations
today-recent-empty = Nothing yet. The first registration will appear here.
today-held = Waiting for an officer
today-held-empty = Nobody is waiting.

## Verify
verify-title = Verify a person
verify-line = Enter the registration code, or choose the person in the gallery.
verify-start = Enter a code
verify-choose = Choose in the gallery
verify-how = One picture is compared with the person’s own record. You see the score, the threshold and what it means.

## Enrol
enrol-title = Enrol a person
enrol-line = Consent, details and a picture; people alike in the gallery are shown to you before anything is saved.
enrol-start = Start enrolment

## Identify
identify-title = Identify a person
identify-line = One picture is compared with everybody who is searched. If nobody is alike enough the answer is: unknown.
identify-start = Start identification
identify-where = Search among
identify-candidates = Candidates
identify-none = Nobody is alike enough
identify-rank = Candidate { $rank }

## Gallery
gallery-title = Gallery
gallery-search = Search by name, detail or code
gallery-all = Everybody
gallery-name = Name
gallery-code = Code
gallery-enrolled = Registered
gallery-changed = Changed
gallery-state = State
gallery-sort-newest = Newest
gallery-sort-oldest = Oldest
gallery-sort-name = Name
gallery-sort = Order
gallery-count = { $n ->
    [0] Nobody
    [one] 1 person
   *[other] { $shown } people
}
gallery-empty = Nobody here yet
gallery-empty-line = People appear here as soon as they are registered.
gallery-nothing-found = Nobody fits this search
gallery-nothing-found-line = Try part of a name, or the first letters of the code.
gallery-unnamed = No name given
gallery-new = New gallery
gallery-new-name = Name of the new gallery
gallery-create = Create
gallery-delete = Delete gallery
gallery-filter = Gallery
gallery-person = Open { $name }
state-active = Active
state-held = Held
state-practice = Practice
state-file = From a file
state-camera = From the camera
drawer-code = Registration code
drawer-details = Details
drawer-galleries = Galleries
drawer-galleries-add = Add to a gallery
drawer-galleries-none = There is no other gallery yet.
drawer-galleries-remove = Remove from { $gallery }
drawer-records = History
drawer-templates = { $n ->
    [one] 1 template
   *[other] { $shown } templates
}
drawer-verify = Verify
drawer-reenrol = Enrol again
drawer-release = Release
drawer-erase = Erase…
drawer-held = Held for an officer: somebody alike was found. Compare, then release or erase.
record-active = in force
record-retired = replaced
record-pad-ok = Live person
record-pad-no = Not accepted as live
record-pad-open = Not assessed
flow-enrol = Enrolled
flow-re-enrol = Enrolled again
flow-authenticate = Confirmed
flow-identify = Identified

## Erase
erase-title = Erase { $name }?
erase-line = This cannot be undone. These things are destroyed:
erase-templates = { $n ->
    [one] 1 template
   *[other] { $shown } templates
}
erase-pictures = All pictures
erase-records = { $n ->
    [one] 1 completed registration
   *[other] { $shown } completed registrations
}
erase-key = The key that opens them, also from later restores
erase-reason = Reason
erase-reason-request = The person asked for it
erase-reason-mistake = Registered by mistake
erase-reason-retention = Kept long enough
erase-reason-other = Another reason
erase-reason-words = Reason in your words
erase-confirm = Type { $code } to confirm
erase-do = Erase for good
erase-done = Erased: { $templates } templates, { $pictures } pictures, { $records } registrations.

## Devices
devices-title = Devices
devices-cameras = Cameras
devices-none = No camera was found
devices-none-line = Plug one in; it appears here by itself. A stand-in lets you practise without one.
devices-refresh = Look again
devices-use = Use
devices-in-use = In use
devices-virtual = Plays recordings
devices-standin = Practise with a drawn subject
devices-live = Live picture
devices-preview-on = Show live picture
devices-preview-off = Stop live picture
devices-off = The live picture is off
devices-format = Format
devices-rate = Delivered
devices-promised = Promised
devices-dropped = Skipped frames
devices-health = State
devices-formats = Formats offered
devices-formats-none = The formats could not be read.
devices-per-second = { $rate } a second
devices-size = Size
devices-pixels = Kind
devices-open-picture = Play a picture…
devices-open-title = A picture, a folder or an animation to play as a camera
health-off = Off
health-opening = Starting, attempt { $attempt }
health-streaming = Delivering
health-recovering = Coming back by itself ({ $code })

## Settings
settings-title = Settings
settings-look = Appearance
settings-theme = Theme
settings-light = Light
settings-dark = Dark
settings-language = Language
settings-motion = Movement
settings-motion-full = Normal
settings-motion-reduced = Reduced
settings-profile = Capture profile
settings-profile-line = Where the face must be, and how strict the checks are.
settings-profile-use = Use this profile
settings-profile-in-use = In use
profile-quick = Quick
profile-quick-line = For queues: few frames, wide limits
profile-liveness = Liveness
profile-liveness-line = Balanced; the usual choice
profile-portrait = Portrait
profile-portrait-line = Strict limits, for pictures that are printed
profile-knomi = Knomi
profile-knomi-line = The region and limits of AwareID’s Knomi
settings-threshold = How sure a match must be
settings-threshold-line = Of strangers who try, this many would be taken for the person.
settings-level = Level { $level }
settings-in-force = in force
settings-level-1 = Convenient
settings-level-2 = Relaxed
settings-level-3 = Usual
settings-level-4 = Strict
settings-level-5 = Strictest
settings-keys = Where the keys are
settings-keys-file-line = Anyone who can read this account’s files can read the keys. Prefer the system’s key store.

## Notices
notice-changed = Saved.
notice-failed = { $what }. { $advice } ({ $code })
notice-failed-advice = { $advice } ({ $code })
notice-dismiss = Dismiss

## Reasons and work, as flows name them
problem-too-long = This is too long. Please shorten it.
problem-characters = Please use ordinary letters and signs only.
problem-name = Please write your name in letters.
problem-date-future = This date lies in the future. Please check it.
problem-date-past = This date is too long ago. Please check it.
problem-number = Please use letters and digits only, as printed on the document.
refused-not-assessed = Your picture could not be checked. An officer will help you.
refused-picture-quality = This picture is not good enough. Please use another one.
picture-no-face = No face was found in the picture. Please use one that shows one face, upright and unobstructed.
picture-several-faces = The picture shows more than one person. Please use one that shows one person only.
picture-face-small = The face in the picture is too small. Please use a larger picture.
picture-face-turned = The face in the picture is turned away. Please use one that looks straight ahead.
refused-step-not-supported = This machine cannot do one of the steps asked for. An officer will help you.
refused-files-not-allowed = Pictures from files are not allowed here. Please use the camera.
refused-see-officer = The attempts are used up. An officer will help you now.
refused-incomplete = A step is missing here. An officer will help you.
refused-code-unknown = We do not know this code. Please ask an officer.
refused-not-compared = The pictures could not be compared. An officer will help you.
refused-not-the-same = This does not seem to be the same person. An officer will help you.
refused-no-template = There is nothing to compare with. An officer will help you register again.
working-start = We are getting ready
working-picture = We are reading the picture
working-look-up = We are looking for your registration
working-check = We are checking your registration
working-compare = We are comparing the pictures
working-identify = We are looking through the gallery
working-save = We are saving your registration
attempt-timed-out = Time ran out. Take your time, we try again.
attempt-presentation-refused = We could not be sure that a person stands in front of the camera.
attempt-not-usable = The picture did not become clear enough.
attempt-no-answer = The picture could not be checked.
identify-nearest = The nearest, all below the threshold
officer-match = Same person
officer-match-line = The picture agrees with the record.
officer-no-match = Not confirmed
officer-no-match-line = The picture does not agree with the record. Nothing was changed.
override-title = The check could not answer. You may go on if you have seen the person yourself.
override-reason = Reason, kept in the record
override-do = Go on
palette-keys = Ctrl K

## Numbers and steppers
decimal-mark = .
unit-degrees = { $value }°
unit-percent = { $value } %
unit-pixels = { $value } px
unit-seconds = { $value } s
stepper-less = Less: { $what }
stepper-more = More: { $what }

## Settings that can be changed
settings-save = Save
settings-discard = Discard
settings-unsaved = { $n ->
    [one] 1 change is not saved
   *[other] { $shown } changes are not saved
}
settings-fixed = Settings are kept by whoever looks after this machine
settings-measured = measured: { $often } to { $seldom }
settings-measured-most = measured: at most { $often }
settings-level-unsupported = Too few comparisons were measured for this level
settings-calibration = Measured on { $comparisons } comparisons of different people; the range holds with 95 % confidence.
settings-calibration-none = Nothing was measured for this recognition yet.
settings-search = Looking somebody up
settings-search-line = When one person is compared with everybody in the gallery.
settings-search-wrong = A stranger is named
settings-search-margin = Lead over the next person
settings-search-cutoff = Leave out below
settings-search-list = Longest list
settings-documents = Identity documents
settings-documents-line = What a document and its holder must meet. A change is in force from the next check on; a check in progress keeps its rules.
settings-documents-minimum = Youngest age
settings-documents-minimum-line = In years. Whoever is younger is refused.
settings-documents-maximum = Oldest age
settings-documents-maximum-line = In years. Whoever is older is refused.
settings-documents-no-limit = no limit
settings-documents-issuers = Issuers
settings-documents-issuers-line = Only these are accepted, by the codes on their documents: D, FRA, USA.
settings-documents-any = every known one
settings-documents-expired = Expired documents
settings-documents-expired-line = What follows once the last day of a document is over.
settings-documents-refuse = Refused
settings-documents-accept = Accepted
settings-documents-days = Days of grace
settings-documents-days-line = So many days after its last one a document is accepted all the same.
settings-documents-days-idle = Not needed: every expired document is accepted.
settings-documents-captures = Captures
settings-documents-captures-line = So often a document is captured before misread characters count as not readable.
settings-documents-no-number = Please write a whole number in digits.
settings-documents-no-age = Please write 0 to 130 years. Leave it empty for no limit.
settings-documents-ages-cross = This is below the youngest age: nobody would be accepted.
settings-documents-no-days = Please write 0 to 3650 days.
settings-documents-no-captures = Please choose 1 to 10 captures.
settings-documents-no-issuer = Nobody issues documents as { $code }. Write the code as documents have it, like D or FRA.
settings-points = { $value } points
settings-profile-own = Your own profile
settings-limits = Limits of { $profile }
settings-reset = Back to the built-in values
settings-asked = Asked for
settings-stops = Stops capture
settings-never = never
gate-smallest = Face in the oval, at least
gate-largest = Face in the oval, at most
gate-eye-distance = Distance of the eyes, at least
gate-aside = Off the middle, sideways
gate-height = Off the middle, up or down
gate-second-face = Second face, at most
gate-yaw = Head turned
gate-pitch = Chin up or down
gate-roll = Head tilted
gate-dark-glasses = Light at the eyes, at least
gate-eyes = Eyes open, at least
gate-mouth = Mouth open, at most
gate-sharpness = Sharpness, at least
gate-clipped = Overexposed part, at most
gate-frames = Good frames in a row
gate-burst = Pictures taken
gate-attempts = Attempts
gate-attempt-time = Time for an attempt
gate-patience = Patience with small faults
quality-dark-glasses = No dark glasses

## Camera format
devices-automatic = Automatic
devices-more-formats = { $n ->
    [one] and 1 more
   *[other] and { $shown } more
}

## Sealed files
transfer-export = Export…
transfer-import = Import…
transfer-export-title = Export people
transfer-export-line = They are sealed into one file. Only the machines you name, or whoever has the passphrase, can open it.
transfer-import-title = Import people
transfer-import-line = They are added to this gallery. Who was erased here stays erased.
transfer-file = File
transfer-file-title = Sealed file with people
transfer-choose = Choose…
transfer-who = Who
transfer-keys-to = Keys of the machines it is for
transfer-keys-from = Keys of the machines you trust
transfer-keys-line = One a line, as the other machine shows its key.
transfer-anyone = Take the file whoever sealed it
transfer-passphrase = Passphrase
transfer-passphrase-hint = if one is used
transfer-passphrase-again = the same again
transfer-own-signs = Others need this key to trust files of this machine
transfer-own-receives = Others need this key to seal files for this machine
transfer-copy = Copy
transfer-export-do = Export
transfer-import-do = Import
transfer-missing-file = Please choose a file.
transfer-missing-recipient = Please name a machine, or give a passphrase.
transfer-missing-again = Please type the same passphrase twice.
transfer-missing-trust = Please name a machine you trust, or take the file whoever sealed it.
transfer-exporting = People are being exported
transfer-importing = People are being imported
transfer-progress = { $people } done
transfer-progress-of = { $people } of { $of } done
transfer-cancel = Break off
transfer-stopping = Stopping…
transfer-exported = Exported
transfer-exported-line = People: { $people }. Registrations: { $records }. Pictures: { $pictures }.
transfer-imported = Imported
transfer-imported-line = { $added } new, { $updated } changed and { $unchanged } known people.
transfer-erased-before = { $n ->
    [one] 1 person was left out, because they were erased here before.
   *[other] { $shown } people were left out, because they were erased here before.
}
transfer-conflicts = { $n ->
    [one] 1 person was left out, because their code belongs to somebody else here.
   *[other] { $shown } people were left out, because their codes belong to others here.
}
transfer-signer = Sealed by { $signer }. Compare these signs with the other machine’s.
notice-settings = The settings are saved and in force.

## Demonstration
guide-step = Demonstration, part { $step } of { $steps }
guide-next = Go on
guide-take-over = Let me try
guide-close = Close
guide-welcome = A drawn person walks up and registers. You only watch.
guide-consent = First they are told what is taken, and agree.
guide-details = They say who they are.
guide-face = They follow the instructions. The picture is taken by itself.
guide-review = They check what will be kept.
guide-enrolled = Registered. They keep the code.
guide-verify = The same person comes back and is compared with their record.
guide-verified = It is them: the faces agree.
guide-stranger = Now a stranger tries to pass with the same code.
guide-refused = The stranger is not confirmed. Nothing was changed.
guide-over = That was it: registered, confirmed, and a stranger refused.
guide-failed = The demonstration did not come to the end it should.
guide-trouble = Something is in the way. It may mend itself.

## The liveness challenge

challenge-settle = Look straight at the camera
challenge-done-one = Good. Look straight again
challenge-again = Let us try that again
challenge-wrong = That was another movement. We ask for new ones.
challenge-early = That came too soon. Wait until the movement is shown.
challenge-timed-out = The time was up. Take your time, new ones follow.
challenge-face-lost = Your face was out of the picture. Please stay in the oval.
gesture-turn-left = Turn your head to the left
gesture-turn-right = Turn your head to the right
gesture-look-up = Look up
gesture-look-down = Look down
gesture-blink = Close your eyes briefly, twice
gesture-smile = Smile
gesture-open-mouth = Open your mouth
gesture-come-closer = Come closer, then back
action-another-gesture = Another movement
action-cannot-do = Not possible
refused-cannot-do = The movements were not possible. An officer decides how to go on.
refused-liveness-needs-camera = A movement before the camera is asked for here; a picture file is not enough.

## Services
page-sync = Sync
page-services = Services
service-awareid = AwareID
service-uqudo = Uqudo
service-faceki = FACEKI
service-baf = 3DiVi BAF
service-onboarding = Onboarding test
service-awareid-line = AwareID and Knomi: registers, compares, searches and deletes people. Set it up with its address, realm, client and two secrets.
service-uqudo-line = Uqudo Face API: compares two pictures, searches and adds people. Set it up with its address, client and secret.
service-faceki-line = FACEKI face match: verifies people against their document. Set it up with its address, client, secret and workflow.
service-baf-line = 3DiVi BAF: registers applicants and checks them. Set it up with its address and its private key.
service-onboarding-line = Onboarding biometric test: takes an officer’s request with the person’s pictures. Set it up with its address, tenant and secret.
services-title = Services
services-line = Where registrations go, and who can be asked for a second opinion
services-unused = Not used
services-ready = Ready, not used
services-delivers = Registrations go there
services-delivers-practice = Practice goes there
services-no-address = No address yet
services-promise = Registrations
services-deletion = Deletions
services-erases = The person is erased there as well
services-erases-partly = Deleted there, but the person can still be matched: erasure stays owed
services-erases-never = Cannot be done there: erasure stays owed
services-credential = Secret
services-contact = Last answer
services-contact-none = Never yet
services-edit = Edit { $service }
services-edit-short = Edit
services-set-up = Set up { $service }
services-set-up-short = Set up
services-test = Test connection
services-test-one = Test the connection to { $service }
services-test-preparing = Reading the settings and the secret…
services-test-contacting = Asked; waiting for the answer…
services-test-cancel = Cancel the test
services-test-good = It answers, trusts this machine and takes its secret ({ $millis } ms). Nothing was changed there.
services-clock-ahead = Its clock is { $seconds } s ahead of this machine’s.
services-clock-behind = Its clock is { $seconds } s behind this machine’s.
services-deliver-start = Deliver registrations to { $service }
services-deliver-start-short = Deliver here
services-deliver-stop = Deliver no more to { $service }
services-deliver-stop-short = Stop delivering
services-form-title = Set up { $service }
services-address = Address
services-address-hint = https://…
services-prefix = Path before every call
services-token-address = Address of tokens
services-realm = Realm
services-client = Client
services-tenant = Tenant
services-workflow = Workflow
services-secret = Secret
services-api-key = API key
services-private-key = Private key
services-more = Show what is seldom changed
services-deliver-here = Deliver registrations here
services-practice-only = For practice registrations only
services-practice-line = Practice goes only to a service on this machine, and real registrations never go there.
services-save = Save
services-missing-address = Please give the address.
services-missing-setting = Please fill in every field.
services-missing-secret = Please say where the secret is.
place-keystore = Key store
place-env = Environment
place-file = File
place-broker = Broker
secret-kept = kept; type to replace it
secret-type = type it once
secret-line = Sealed on this machine. Nobody can read it here again.
secret-env-hint = NAME_OF_THE_VARIABLE
secret-env-line = The program reads it from its environment when it is needed.
secret-file-hint = /path/to/the/file
secret-file-line = Only this account may read the file.
secret-broker-hint = https://…
secret-broker-line = A server of yours holds the secret and is asked for tokens instead.
credential-missing = No secret yet
credential-keystore = In this machine’s key store as { $name }
credential-env = In the environment as { $name }
credential-file = In the file { $name }
credential-broker = At the broker { $name }
ability-enrol = registers
ability-authenticate = compares with a registered person
ability-verify = compares two pictures
ability-search = searches
ability-insert = adds pictures
ability-delete = deletes
ability-status = answers what arrived
ability-not = { $what }: no
guarantee-key = Exactly once, by our key
guarantee-key-line = Exactly once: the service knows our key and takes nothing twice.
guarantee-look-up = Exactly once, by asking
guarantee-look-up-line = Exactly once: after a lost answer the service is asked before anything is sent again.
guarantee-at-most-once = At most once; a person decides
guarantee-at-most-once-line = At most once: after a lost answer nothing is sent again without a person’s word.

## Faults of services
fault-unreachable = It cannot be reached. Check the network and its address; nothing is lost meanwhile.
fault-interrupted = The connection broke before it answered. What became of it is found out, or left for you to decide.
fault-untrusted = Its certificate is not trusted. Check this machine’s date, then ask whoever looks after the service.
fault-not-allowed = Its address is not allowed here. Correct it, or have its host allowed.
fault-unauthorised = It does not take this machine’s secret. Renew the secret.
fault-forbidden = The account lacks a permission. Ask the service’s provider for it.
fault-busy = It is busy. This is tried again by itself.
fault-service-failed = It failed by itself. This is tried again; tell its provider if it goes on.
fault-garbled = Its answer is not understood. Check the address: something else may be answering there.
fault-unfit = What was sent breaks one of its limits. Capture the person again.
fault-incomplete = The record lacks a picture of the document that it wants. Add one and send again, or enrol with the document.
fault-bad-picture = It found no usable face in the picture. Capture the person again.
fault-rejected = It judged the person not to match, or not to be alive. Look at its checks and decide.
fault-not-found = It knows nobody by that name. The person may never have arrived there.
fault-duplicate = It has this person already. Nothing is left to do.
fault-attempts-used = All tries it allows are used. Send it again to begin a new registration there.
fault-closed = The request was closed there. Send it again to begin a new one.
fault-not-offered = It does not offer this.
fault-misconfigured = A setting is missing or wrong. Complete the service’s settings.

## Sync
sync-title = Sync
sync-none = This window delivers nothing.
sync-no-service = No service is set up that registrations go to. They are safe here, and stay here.
sync-to-services = Set up a service
sync-now = Deliver now
sync-pause = Pause
sync-resume = Go on
sync-export = Write packets…
sync-import = Read packets…
sync-all = All
sync-waiting = Waiting
sync-attention = Needs you
sync-delivered = Delivered
sync-part = Part of the queue
sync-page = { $from }–{ $to } of { $of }
sync-next-page = Next page
sync-previous-page = Previous page
sync-count-waiting = { $n ->
    [0] nothing waits
    [one] { $shown } waits
   *[other] { $shown } wait
}
sync-count-attention = { $n ->
    [0] nothing for you
    [one] { $shown } needs you
   *[other] { $shown } need you
}
sync-contact = Last answer { $when }
sync-contact-none = No answer yet
sync-column-state = State
sync-column-person = Person
sync-column-service = Service
sync-column-when = Last change
sync-column-what = What
sync-empty = Nothing here.
sync-empty-attention = Nothing needs you.
sync-enrolment = Registration
sync-deletion = Deletion
sync-erased = Somebody who was erased
sync-nobody = Nobody known here
sync-other-machine = From another machine’s packet
sync-open-person = Open the person
sync-receipt = Receipt
sync-reference = Reference
sync-repeated = The service had it already.
sync-history = History
lane-open = Delivering
lane-idle = At rest
lane-paused = Paused
lane-waiting = Cannot be reached, tried again
lane-stopped = Stopped until it is mended
lane-not-configured = Not set up here any more
delivery-queued = Waits
delivery-queued-line = It waits to be sent.
delivery-sending = Being sent
delivery-sending-line = It is being sent right now.
delivery-doubtful = Being looked up
delivery-doubtful-line = A try may have arrived. The service is asked before anything is sent again.
delivery-exported = In a packet
delivery-exported-line = It was written to a sealed packet and waits for its receipt.
delivery-delivered = Delivered
delivery-delivered-line = The service has it.
delivery-refused = Refused
delivery-refused-line = The service said no for good. It is sent again only by your word.
delivery-unknown = Outcome unknown
delivery-unknown-line = It may or may not have arrived, and nothing can tell. Find out at the service, then say which.
delivery-set-aside = Set aside
delivery-set-aside-line = It failed too often, or somebody set it aside. The others go on without it.
delivery-owed = Erasure owed
delivery-owed-line = Deleted as far as the service goes, but the person can still be matched there. Have them erased, then say so.
decide-retry = Send it again
decide-retry-line = It waits again, as new. Mend what it was refused for first.
decide-set-aside = Set it aside
decide-set-aside-line = It is not sent until somebody sends it again. Later registrations of the same person wait for it.
decide-arrived = It arrived
decide-arrived-line = You found it at the service. It counts as delivered and is never sent again.
decide-erased = They were erased
decide-erased-line = The service’s provider confirmed that the person can no longer be matched there.
decide-not-arrived = It did not arrive
decide-not-arrived-line = You looked at the service and it is not there. It is sent again. If it is there after all, the person is there twice.
decide-take-back = Take it back
decide-take-back-line = The packet is lost or will not be delivered. It is sent from here again. If the packet is delivered after all, the person may be there twice.
decide-reason = Why
decide-reason-hint = for the history and the audit trail
decide-reason-line = Say nothing about the person here.
decide-reference = The service’s name for the person
decide-reference-hint = where you know it
decide-too-long = Please say it in 200 characters.
history-queued = Queued
history-sending = Being sent
history-prepared = Prepared there
history-unsent = Not sent
history-unreadable = Cannot be read
history-delivered = Delivered
history-owed = Erasure owed
history-unknown = Outcome unknown
history-doubtful = May have arrived
history-set-aside = Set aside
history-again = Waits again
history-waits = Waits
history-failed = Failed, tried again
history-refused = Refused
history-absent = Not there
history-retried = Sent again
history-resolved = Decided
history-exported = Written to a packet
history-returned = Receipt came back
stop-queue = { $waiting } registrations wait; at most { $limit } may. Nobody more is enrolled until fewer wait: connect this machine, or write packets.
stop-offline = { $service } has not been reached for { $days } days; at most { $limit } may pass. Nobody more is enrolled: check the network and this machine’s date, or write packets.
stop-disk = Only { $free } MB are free; at least { $limit } must be. Nobody more is enrolled until there is room.
stop-credential = { $service } no longer takes this machine’s secret. Registrations wait safely; renew the secret.
banner-trouble = Delivery is at rest: { $what }. { $advice } ({ $code })
banner-trouble-advice = Delivery is at rest. { $advice } ({ $code })
banner-paused = { $n ->
    [0] Delivery is paused. It goes on when you say so, or when the program starts again.
    [one] Delivery is paused; { $shown } waits. It goes on when you say so, or when the program starts again.
   *[other] Delivery is paused; { $shown } wait. It goes on when you say so, or when the program starts again.
}
banner-waiting = { $n ->
    [0] Nothing waits.
    [one] { $shown } waits.
   *[other] { $shown } wait.
}
banner-days-left = { $n ->
    [0] Enrolling stops today.
    [one] Enrolling goes on for { $shown } day without it.
   *[other] Enrolling goes on for { $shown } days without it.
}
today-to-sync = Look at it
status-queue = { $n ->
    [0] Nothing waits
    [one] { $shown } waits
   *[other] { $shown } wait
}
notice-decided = Done; it is in the history.
drawer-deliveries = At the services
drawer-receipt = receipt { $reference }

## Packets
packets-export-title = Write sealed packets
packets-export-line = What waits is written to a folder, for instance on a stick, and carried to a connected machine. Only the branch can open it.
packets-import-title = Read sealed packets
packets-import-line = Packets of other machines are delivered from here, each once. Receipts for this machine’s own are taken.
packets-folder = Folder
packets-folder-title = Folder of sealed packets
packets-branch-key = The branch’s key
packets-branch-line = Leave it empty to use the one of the configuration.
packets-trusted-line = One a line. Leave it empty to use those of the configuration.
packets-missing-folder = Please choose a folder.
packets-export-do = Write
packets-import-do = Read
packets-exporting = Packets are being written
packets-importing = Packets are being delivered
packets-preparing = Waiting for the last answer…
packets-rest = Delivery over the network rests until this is done.
packets-exported = Packets written
packets-exported-line = { $packets } packets are in the folder, { $written } of them written now.
packets-exported-next = Carry the folder to a connected machine, and bring it back with the receipts.
packets-broken-off = It was broken off. The same again goes on where it stopped.
packets-unreadable = { $n ->
    [one] { $shown } delivery could not be read and stays here.
   *[other] { $shown } deliveries could not be read and stay here.
}
packets-imported = Packets read
packets-imported-line = { $packets } packets: { $delivered } delivered, { $before } settled before, { $attention } for a person to decide, { $left } left for another time.
packets-receipts-taken = { $n ->
    [one] { $shown } receipt for this machine was taken.
   *[other] { $shown } receipts for this machine were taken.
}
packets-receipts-written = { $n ->
    [one] { $shown } receipt was written; carry the folder back.
   *[other] { $shown } receipts were written; carry the folder back.
}
packets-missing = { $n ->
    [one] { $shown } packet of the list is not in the folder.
   *[other] { $shown } packets of the list are not in the folder.
}
packets-problem = Not taken: { $file }: { $what } ({ $code })

## Second opinions
opinion-title = Second opinions
opinion-title-disagree = A service says otherwise: look at both before you decide
opinion-here = This machine
opinion-own-match = the same person
opinion-own-no-match = not the same person
opinion-own-unknown = nobody known here
opinion-own-new = newly registered
opinion-waiting = still thinking…
opinion-authenticate = against their own record
opinion-verify = against the picture kept here
opinion-search = among everybody there
opinion-same = the same person
opinion-other = not the same person
opinion-found = somebody was found
opinion-not-found = nobody was found
opinion-open = it left the question open
opinion-late = no answer in time
opinion-not-asked = it cannot be asked about this person
opinion-agrees = Agrees
opinion-disagrees = Disagrees
## Document capture
document-show = Put your document under the camera.
document-one = One document at a time, please.
document-whole = Move it so that the whole document is in the picture.
document-closer = Bring it closer.
document-farther = Move it a little away.
document-flatten = Lay it flat.
document-turn-round = Turn it the right way up.
document-more-light = A little more light, please.
document-less-light = There is too much light on it.
document-glare = A reflection covers part of it. Tilt it a little.
document-hold-steady = Hold it still.
document-focus = The picture is not sharp yet. Keep it still for a moment.
document-show-zone = Show the page with the portrait and the lines of letters.
document-hold-still = Good. Hold it still.
document-turn-over = Thank you. Now turn it over.
document-first-taken = The first side is taken.
document-second-taken = The other side is taken.
document-no-frames = The camera gives no picture. It is being opened again.
document-timed-out = No picture came about in time.
document-timed-out-line = Lay the document flat, close and without glare, and begin again. A picture of it can be opened as well.
document-again = Begin again
document-one-side = There is no other side
document-side-first = First side
document-side-second = Other side
document-captured-line = It is taken by itself as soon as it lies well.
document-page-taken = { $side }: taken
document-page-wanted = { $side }: wanted next
document-not-usable = This picture could not be used.
## Documents
page-documents = Documents
flow-verify-id = Document checked
documents-title = Check an identity document
documents-line = The document is read and checked, and its portrait compared with the person who holds it.
documents-start = Check a document
document-reading = Reading the document…
document-no-camera = There is no picture. Open a picture instead.
document-hint-side = The side with the portrait and the lines of letters and arrows
document-hint-flat = Flat, without glare on the print
document-hint-close = As large as fits between the corners
document-hint-still = Still, until it is taken
document-take = Take it as it is
document-open = Open a picture…
document-open-title = A picture of the document
document-stated = Stated details…
document-stated-typed = { $n ->
    [one] 1 detail typed…
   *[other] { $shown } details typed…
}
document-stated-title = What the person states
document-stated-line = None of it is required. It is compared with the document, then forgotten.
document-stated-birth-hint = day/month/year, like 23/04/1990
document-stated-born = That is { $date }
document-stated-done = Done
document-stated-clear = Clear
document-stated-waiting = It is read. Finish typing to go on.
problem-stated-name = A name has letters. Please check it.
problem-stated-date = Write day, month and year: 23/04/1990
problem-stated-day = There is no such day. Please check it.
document-family-name = Family name
document-given-names = Given names
document-birth-date = Date of birth
document-document-number = Document number
document-expiry-date = Valid until
document-nationality = Nationality
document-issuing-state = Issued by
document-sex = Sex
verify-id-ok = Accepted
verify-id-ok-line = The document reads well, agrees with itself and shows the person who stands here. It proves who issued it only where the chip says so.
verify-id-refused = Refused
verify-id-undecided = You decide
verify-id-because = Look at: { $checks }
verify-id-open-line = A check that is needed could not be made.
verify-id-document = Document
verify-id-stated = The person states
verify-id-faces = Portrait and person
verify-id-checks = Every check
verify-id-portrait-print = Portrait in print
verify-id-portrait-chip = Portrait in the chip
verify-id-signature = Signature
verify-id-living-face = Living face
verify-id-not-compared = The two were not compared: one of them cannot be compared.
verify-id-nothing-read = Nothing could be read on the document.
verify-id-again = Take the document again
verify-id-chip = Files of the chip…
verify-id-chip-title = The folder with the files of the chip
verify-id-export = Export the report…
verify-id-export-title = Where the report goes
verify-id-with-pictures = With pictures of the person
report-written = The report was written.
check-passed = Passed
check-failed = Failed
check-person = You decide
check-retry = Take it again
check-hint = A hint
check-not-checked = Not checked
check-count = { $passed } of { $made } passed
check-group-face = Living face
check-group-document = Document
check-group-chip = Chip
