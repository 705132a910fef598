# Jedes Wort, das ein Mensch liest, auf Deutsch. Kurz, freundlich, ohne Fachwörter, ohne Vorwurf.

app-name = Visavis
practice-ribbon = ÜBUNG
practice-name = Übungsbetrieb: nichts hiervon ist echt
language-name = Sprache
one-in = 1 von { $people }
moment = { $day }. { $month } { $year }, { $clock }
date = { $day }. { $month } { $year }
month-01 = Jan.
month-02 = Febr.
month-03 = März
month-04 = April
month-05 = Mai
month-06 = Juni
month-07 = Juli
month-08 = Aug.
month-09 = Sept.
month-10 = Okt.
month-11 = Nov.
month-12 = Dez.

## Actions
action-cancel = Abbrechen
action-back = Zurück
action-next = Weiter
action-done = Fertig
action-retry = Noch einmal
action-retake = Neu aufnehmen
action-save = Speichern
action-close = Schließen
action-officer = Mitarbeiter rufen
action-leave = Hier beenden

## Attract
attract-welcome = Willkommen. Es dauert nur eine Minute.
attract-promise = Sie schauen in die Kamera, wir machen den Rest. Ihr Bild bleibt auf diesem Gerät.
attract-question = Was möchten Sie tun?
attract-enrol = Ich bin neu hier
attract-enrol-line = Gesicht registrieren und Code erhalten
attract-returning = Ich bin schon registriert
attract-returning-line = Bestätigen, dass Sie es sind
attract-privacy = Es wird nichts aufgezeichnet, bevor Sie auf der nächsten Seite zustimmen.

## Steps
step-consent = Ihre Zustimmung
step-details = Ihre Angaben
step-document = Ihr Ausweis
step-face = Ihr Bild
step-liveness = Eine kleine Bewegung
step-review = Prüfen
step-result = Fertig

## Consent
consent-title = Bevor wir Ihr Bild aufnehmen
consent-what = Was wir aufnehmen
consent-what-line = Ein Bild Ihres Gesichts und daraus berechnete Zahlen, an denen wir Sie wiedererkennen.
consent-why = Wozu
consent-why-line = Um beim nächsten Besuch zu bestätigen, dass Sie es sind, und damit niemand Ihren Namen benutzt.
consent-long = Wie lange
consent-long-line = Bis Sie die Löschung verlangen. Dann werden Bild, Zahlen und deren Schlüssel vernichtet.
consent-who = Wer es sieht
consent-who-line = Mitarbeiter dieser Filiale. Alles liegt verschlüsselt auf diesem Gerät.
consent-agree = Ich stimme zu
consent-refuse = Ich stimme nicht zu
consent-free = Sie dürfen Nein sagen. Ein Mitarbeiter hilft Ihnen dann auf anderem Weg.

## Details
details-title = Sagen Sie uns, wer Sie sind
details-title-returning = Ihr Registrierungscode
details-optional = freiwillig
details-page = { $page } von { $pages }
details-keyboard-show = Tastatur zeigen
details-keyboard-hide = Tastatur verbergen
field-full-name = Vollständiger Name
field-given-name = Vorname
field-family-name = Familienname
field-birth-date = Geburtsdatum
field-date-of-birth = Geburtsdatum
field-document-number = Ausweisnummer
field-phone = Telefonnummer
field-email = E-Mail
field-registration-code = Registrierungscode
problem-required = Bitte füllen Sie dieses Feld aus.
problem-date = Bitte schreiben Sie das Datum als Jahr-Monat-Tag, etwa 1990-04-23.
problem-email = Bitte prüfen Sie die Adresse; es fehlt ein @-Zeichen.
problem-phone = Bitte nur Ziffern, gern mit + am Anfang.
problem-code = Der Code ist nicht vollständig. Er hat acht Buchstaben und Ziffern.
problem-code-unknown = Diesen Code kennen wir nicht. Bitte prüfen Sie ihn.
key-space = Leertaste
key-delete = Löschen
key-shift = Großbuchstaben
key-symbols = Ziffern und Zeichen
key-letters = Buchstaben
key-name = Taste { $key }

## Face
face-starting = Die Kamera startet
face-checking = Einen Moment, bitte
face-captured = Vielen Dank
face-again = Versuchen wir es noch einmal
face-no-attempts = Diesmal hat es nicht geklappt
face-interrupted = Die Kamera wurde unterbrochen
feedback-compliant = Sehr gut, bitte stillhalten
feedback-no-face = Schauen Sie in die Kamera
feedback-several-faces = Bitte nur eine Person
feedback-look-straight = Schauen Sie geradeaus
feedback-closer = Kommen Sie etwas näher
feedback-back = Gehen Sie etwas zurück
feedback-move-left = Etwas nach links, bitte
feedback-move-right = Etwas nach rechts, bitte
feedback-move-down = Etwas tiefer, bitte
feedback-move-up = Etwas höher, bitte
feedback-more-light = Etwas mehr Licht, bitte
feedback-less-light = Drehen Sie sich vom hellen Licht weg
feedback-even-light = Drehen Sie sich ins gleichmäßige Licht
feedback-open-eyes = Beide Augen offen halten, bitte
feedback-glasses = Bitte nehmen Sie die dunkle Brille ab
feedback-hold-still = Bitte kurz stillhalten
feedback-close-mouth = Bitte den Mund schließen
feedback-turn-left = Drehen Sie den Kopf nach links
feedback-turn-right = Drehen Sie den Kopf nach rechts
feedback-chin-up = Heben Sie das Kinn ein wenig
feedback-chin-down = Senken Sie das Kinn ein wenig
feedback-tilt-left = Neigen Sie den Kopf nach links
feedback-tilt-right = Neigen Sie den Kopf nach rechts
amount-centimetres = etwa { $cm } cm
amount-slight = nur ein wenig
attempts-left = { $n ->
    [0] Kein Versuch mehr übrig
    [one] Letzter Versuch
   *[other] Noch { $shown } Versuche
}

## Quality
quality-none = –
quality-sharpness = Schärfe
quality-illumination = Gleichmäßiges Licht
quality-illumination-uniformity = Gleichmäßiges Licht
quality-exposure = Belichtung
quality-face-exposure = Belichtung
quality-luminance-mean = Helligkeit
quality-luminance-variance = Kontrast
quality-under-exposure = Nicht zu dunkel
quality-over-exposure = Nicht zu hell
quality-under-exposure-prevention = Nicht zu dunkel
quality-over-exposure-prevention = Nicht zu hell
quality-dynamic-range = Tonumfang
quality-natural-colour = Natürliche Farbe
quality-background = Ruhiger Hintergrund
quality-background-uniformity = Ruhiger Hintergrund
quality-compression = Sauberes Bild
quality-compression-artifacts = Sauberes Bild
quality-single-face = Ein Gesicht
quality-single-face-present = Ein Gesicht
quality-eyes-open = Augen offen
quality-mouth-closed = Mund geschlossen
quality-inter-eye-distance = Augenabstand
quality-head-size = Kopfgröße
quality-leftward-crop = Platz links
quality-rightward-crop = Platz rechts
quality-margin-above = Platz oben
quality-margin-below = Platz unten
quality-pose = Kopf gerade
quality-yaw = Kopfdrehung
quality-pitch = Kinnhöhe
quality-roll = Kopfneigung
quality-head-pose-yaw = Kopfdrehung
quality-head-pose-pitch = Kinnhöhe
quality-head-pose-roll = Kopfneigung

## Working
working-title = Einen Moment, bitte
working-wait = Das dauert wenige Sekunden.
working-assessing = Wir prüfen Ihr Bild
working-comparing = Wir vergleichen die Bilder
working-searching = Wir suchen in der Galerie
working-saving = Wir speichern Ihre Registrierung

## Review
review-title = Ist alles richtig?
review-line = Dieses Bild und diese Angaben werden aufbewahrt.
review-no-details = Es wurde nach keinen Angaben gefragt.
review-duplicates = Vielleicht schon bekannt
review-duplicates-line = Das sehen nur Sie. Vergleichen Sie die Gesichter, bevor Sie speichern.
review-no-duplicates = Niemand Ähnliches in der Galerie

## Result
result-enrolled = Sie sind registriert
result-enrolled-line = Bewahren Sie diesen Code auf. Sie brauchen ihn beim nächsten Besuch.
result-code = Registrierungscode
result-held = Fast fertig
result-held-line = Ein Mitarbeiter sieht sich Ihre Registrierung an und schließt sie mit Ihnen ab. Bitte nehmen Sie diesen Code mit.
result-match = Sie sind es
result-match-line = Ihre Identität ist bestätigt.
result-no-match = Wir konnten nicht bestätigen, dass Sie es sind
result-no-match-line = Versuchen Sie es noch einmal oder fragen Sie einen Mitarbeiter. Es wurde nichts geändert.
result-identified = Gefunden
result-identified-line = Eine Person hebt sich klar ab.
result-undecided = Mehrere sind ähnlich
result-undecided-line = Niemand hebt sich ab. Bitte vergleichen Sie die Gesichter selbst.
result-unknown = Unbekannt
result-unknown-line = Niemand in dieser Galerie ist ähnlich genug. Das ist eine Antwort, kein Fehler.
result-unknown-size-line = Zu viele für einen Namen, die Schwellen reichen bis { $shown }. Bitte Gesichter vergleichen oder eine kleinere Galerie wählen.
result-unknown-nobody-line = In dieser Galerie ist niemand, mit dem verglichen werden kann.
result-searched = Durchsucht wurde die Galerie „{ $gallery }“.
result-refused = Es geht hier nicht weiter
result-returns = { $n ->
    [0] Zurück zum Anfang
    [one] In 1 Sekunde zurück zum Anfang
   *[other] In { $shown } Sekunden zurück zum Anfang
}
result-support = Supportcode { $code }
result-aloud = Zum Vorlesen: { $code }
refused-consent = Sie haben nicht zugestimmt, also wurde nichts aufgenommen. Ein Mitarbeiter hilft Ihnen auf anderem Weg.
refused-pad = Wir konnten nicht sicher sein, dass ein Mensch vor der Kamera steht. Ein Mitarbeiter hilft Ihnen.
refused-attempts = Die Versuche sind aufgebraucht. Machen Sie eine Pause oder fragen Sie einen Mitarbeiter.
refused-time = Die Zeit ist abgelaufen. Sie können jederzeit neu beginnen.
refused-quality = Das Bild wurde nicht klar genug. Ein Mitarbeiter hilft Ihnen.
refused-duplicate = Ein Mitarbeiter muss sich das ansehen, bevor es gespeichert wird.
refused-unknown-code = Diesen Code kennen wir nicht. Bitte prüfen Sie ihn oder fragen Sie einen Mitarbeiter.
refused-cancelled = Beendet. Es wurde nichts gespeichert.

## Trouble
trouble-title = Hier wird Hilfe gebraucht
trouble-recovering = Das behebt sich von selbst. Bitte warten Sie kurz.
trouble-camera = Die Kamera antwortet nicht.
trouble-camera-recovering = Die Kamera kommt gleich wieder.
trouble-gallery = Im Moment kann nichts gespeichert werden.
trouble-other-models = Alle hier wurden mit einer anderen Erkennung registriert.
trouble-model = Die Erkennung ist nicht bereit.
trouble-worker = Ein Teil des Programms ist stehen geblieben.
trouble-help = Bitte rufen Sie einen Mitarbeiter.

## Score
score-threshold = Schwelle
score-meaning = Bei dieser Schwelle käme { $one-in } Fremden durch.
score-percent = { $percent } %
score-level = Stufe { $level } von 5
score-level-none = Unter Stufe 1
score-value = Ähnlichkeit { $score }, Schwelle { $threshold }
decision-match = Übereinstimmung
decision-no-match = Keine Übereinstimmung
decision-unknown = Unbekannt
decision-margin = { $margin } Punkte vor der nächsten Person

## Desk
rail-name = Seiten
page-today = Heute
page-verify = Bestätigen
page-enrol = Registrieren
page-identify = Identifizieren
page-gallery = Galerie
page-devices = Geräte
page-settings = Einstellungen
palette-open = Befehle
palette-hint = Was möchten Sie tun?
palette-none = Diesen Befehl gibt es nicht
palette-person = „{ $text }“ in der Galerie suchen
palette-theme = Zwischen hell und dunkel wechseln
palette-motion = Bewegung ein- oder ausschalten
palette-language = Sprache: { $language }
palette-cameras = Kameras neu suchen

## Status bar
status-camera-off = Keine Kamera in Betrieb
status-camera-opening = Kamera startet
status-camera-streaming = Kamera { $rate }/s
status-camera-recovering = Kamera verloren { $code }
status-models = { $models } auf { $backend }
status-enrolled = { $n ->
    [0] Galerie leer
    [one] 1 Person
   *[other] { $shown } Personen
}
status-keys-os = Schlüssel im Schlüsselspeicher des Systems
status-keys-file = Schlüssel in einer Datei
status-keys-memory = Schlüssel im Speicher
status-practice = Übung

## Today
today-title = Schön, Sie zu sehen
today-verify = Jemanden bestätigen
today-verify-line = Gegen den eigenen Eintrag, mit Code
today-enrol = Jemanden registrieren
today-enrol-line = Zustimmung, Angaben, Bild
today-identify = Jemanden identifizieren
today-identify-line = Gegen alle in der Galerie
today-recent = Neueste Registrierungen
today-recent-empty = Noch nichts. Die erste Registrierung erscheint hier.
today-held = Wartet auf Sie
today-held-empty = Niemand wartet.

## Verify
verify-title = Person bestätigen
verify-line = Geben Sie den Registrierungscode ein, oder wählen Sie die Person in der Galerie.
verify-start = Code eingeben
verify-choose = In der Galerie wählen
verify-how = Ein Bild wird mit dem eigenen Eintrag der Person verglichen. Sie sehen den Wert, die Schwelle und was sie bedeutet.

## Enrol
enrol-title = Person registrieren
enrol-line = Zustimmung, Angaben und ein Bild; ähnliche Personen in der Galerie sehen Sie, bevor etwas gespeichert wird.
enrol-start = Registrierung beginnen

## Identify
identify-title = Person identifizieren
identify-line = Ein Bild wird mit allen Gesuchten verglichen. Ist niemand ähnlich genug, lautet die Antwort: unbekannt.
identify-start = Identifizierung beginnen
identify-where = Gesucht wird unter
identify-candidates = Kandidaten
identify-none = Niemand ist ähnlich genug
identify-rank = Kandidat { $rank }

## Gallery
gallery-title = Galerie
gallery-search = Suche nach Name, Angabe oder Code
gallery-all = Alle
gallery-name = Name
gallery-code = Code
gallery-enrolled = Registriert
gallery-changed = Geändert
gallery-state = Zustand
gallery-sort-newest = Neueste
gallery-sort-oldest = Älteste
gallery-sort-name = Name
gallery-sort = Reihenfolge
gallery-count = { $n ->
    [0] Niemand
    [one] 1 Person
   *[other] { $shown } Personen
}
gallery-empty = Noch niemand hier
gallery-empty-line = Personen erscheinen hier, sobald sie registriert sind.
gallery-nothing-found = Niemand passt zu dieser Suche
gallery-nothing-found-line = Versuchen Sie einen Teil des Namens oder die ersten Zeichen des Codes.
gallery-unnamed = Kein Name angegeben
gallery-new = Neue Galerie
gallery-new-name = Name der neuen Galerie
gallery-create = Anlegen
gallery-delete = Galerie löschen
gallery-filter = Galerie
gallery-person = { $name } öffnen
state-active = Aktiv
state-held = Angehalten
state-practice = Übung
state-file = Aus einer Datei
state-camera = Von der Kamera
drawer-code = Registrierungscode
drawer-details = Angaben
drawer-galleries = Galerien
drawer-galleries-add = Zu einer Galerie hinzufügen
drawer-galleries-none = Es gibt noch keine andere Galerie.
drawer-galleries-remove = Aus { $gallery } entfernen
drawer-records = Verlauf
drawer-templates = { $n ->
    [one] 1 Merkmalssatz
   *[other] { $shown } Merkmalssätze
}
drawer-verify = Bestätigen
drawer-reenrol = Neu registrieren
drawer-release = Freigeben
drawer-erase = Löschen…
drawer-held = Angehalten: es wurde jemand Ähnliches gefunden. Vergleichen Sie, dann freigeben oder löschen.
record-active = gültig
record-retired = ersetzt
record-pad-ok = Lebende Person
record-pad-no = Nicht als lebend anerkannt
record-pad-open = Nicht geprüft
flow-enrol = Registriert
flow-re-enrol = Neu registriert
flow-authenticate = Bestätigt
flow-identify = Identifiziert

## Erase
erase-title = { $name } löschen?
erase-line = Das lässt sich nicht rückgängig machen. Vernichtet werden:
erase-templates = { $n ->
    [one] 1 Merkmalssatz
   *[other] { $shown } Merkmalssätze
}
erase-pictures = Alle Bilder
erase-records = { $n ->
    [one] 1 abgeschlossene Registrierung
   *[other] { $shown } abgeschlossene Registrierungen
}
erase-key = Der Schlüssel dazu, auch aus späteren Wiederherstellungen
erase-reason = Grund
erase-reason-request = Die Person hat darum gebeten
erase-reason-mistake = Irrtümlich registriert
erase-reason-retention = Lange genug aufbewahrt
erase-reason-other = Ein anderer Grund
erase-reason-words = Grund in Ihren Worten
erase-confirm = Zur Bestätigung { $code } eintippen
erase-do = Endgültig löschen
erase-done = Gelöscht: { $templates } Merkmalssätze, { $pictures } Bilder, { $records } Registrierungen.

## Devices
devices-title = Geräte
devices-cameras = Kameras
devices-none = Keine Kamera gefunden
devices-none-line = Schließen Sie eine an; sie erscheint von selbst. Eine Ersatzkamera lässt Sie ohne üben.
devices-refresh = Neu suchen
devices-use = Verwenden
devices-in-use = In Betrieb
devices-virtual = Spielt Aufnahmen ab
devices-standin = Mit gezeichneter Person üben
devices-live = Livebild
devices-preview-on = Livebild zeigen
devices-preview-off = Livebild beenden
devices-off = Das Livebild ist aus
devices-format = Format
devices-rate = Geliefert
devices-promised = Versprochen
devices-dropped = Übersprungene Bilder
devices-health = Zustand
devices-formats = Angebotene Formate
devices-formats-none = Die Formate waren nicht lesbar.
devices-per-second = { $rate } je Sekunde
devices-size = Größe
devices-pixels = Art
devices-open-picture = Bild abspielen…
devices-open-title = Ein Bild, ein Ordner oder eine Animation als Kamera
health-off = Aus
health-opening = Startet, Versuch { $attempt }
health-streaming = Liefert
health-recovering = Kommt von selbst wieder ({ $code })

## Settings
settings-title = Einstellungen
settings-look = Darstellung
settings-theme = Farben
settings-light = Hell
settings-dark = Dunkel
settings-language = Sprache
settings-motion = Bewegung
settings-motion-full = Normal
settings-motion-reduced = Reduziert
settings-profile = Aufnahmeprofil
settings-profile-line = Wo das Gesicht sein muss und wie streng geprüft wird.
settings-profile-use = Dieses Profil verwenden
settings-profile-in-use = In Betrieb
profile-quick = Schnell
profile-quick-line = Für Warteschlangen: wenige Bilder, weite Grenzen
profile-liveness = Lebendprüfung
profile-liveness-line = Ausgewogen; die übliche Wahl
profile-portrait = Porträt
profile-portrait-line = Strenge Grenzen, für gedruckte Bilder
profile-knomi = Knomi
profile-knomi-line = Bereich und Grenzen wie AwareIDs Knomi
settings-threshold = Wie sicher eine Übereinstimmung sein muss
settings-threshold-line = So viele Fremde, die es versuchen, würden für die Person gehalten.
settings-level = Stufe { $level }
settings-in-force = gültig
settings-level-1 = Bequem
settings-level-2 = Locker
settings-level-3 = Üblich
settings-level-4 = Streng
settings-level-5 = Am strengsten
settings-keys = Wo die Schlüssel liegen
settings-keys-file-line = Wer die Dateien dieses Kontos lesen kann, kann auch die Schlüssel lesen. Besser ist der Schlüsselspeicher des Systems.

## Notices
notice-changed = Gespeichert.
notice-failed = { $what }. { $advice } ({ $code })
notice-failed-advice = { $advice } ({ $code })
notice-dismiss = Ausblenden

## Reasons and work, as flows name them
problem-too-long = Das ist zu lang. Bitte kürzen Sie es.
problem-characters = Bitte nur gewöhnliche Buchstaben und Zeichen.
problem-name = Bitte schreiben Sie Ihren Namen in Buchstaben.
problem-date-future = Dieses Datum liegt in der Zukunft. Bitte prüfen Sie es.
problem-date-past = Dieses Datum liegt zu weit zurück. Bitte prüfen Sie es.
problem-number = Bitte nur Buchstaben und Ziffern, wie auf dem Ausweis gedruckt.
refused-not-assessed = Ihr Bild konnte nicht geprüft werden. Ein Mitarbeiter hilft Ihnen.
refused-picture-quality = Dieses Bild ist nicht gut genug. Bitte nehmen Sie ein anderes.
picture-no-face = Auf dem Bild wurde kein Gesicht gefunden. Bitte nehmen Sie eines, das ein Gesicht aufrecht und unverdeckt zeigt.
picture-several-faces = Das Bild zeigt mehr als eine Person. Bitte nehmen Sie eines, das nur eine Person zeigt.
picture-face-small = Das Gesicht auf dem Bild ist zu klein. Bitte nehmen Sie ein größeres Bild.
picture-face-turned = Das Gesicht auf dem Bild ist abgewandt. Bitte nehmen Sie eines, das geradeaus blickt.
refused-step-not-supported = Dieses Gerät kann einen der Schritte nicht. Ein Mitarbeiter hilft Ihnen.
refused-files-not-allowed = Bilder aus Dateien sind hier nicht erlaubt. Bitte verwenden Sie die Kamera.
refused-see-officer = Die Versuche sind aufgebraucht. Ein Mitarbeiter hilft Ihnen jetzt.
refused-incomplete = Hier fehlt ein Schritt. Ein Mitarbeiter hilft Ihnen.
refused-code-unknown = Diesen Code kennen wir nicht. Bitte fragen Sie einen Mitarbeiter.
refused-not-compared = Die Bilder konnten nicht verglichen werden. Ein Mitarbeiter hilft Ihnen.
refused-not-the-same = Das scheint nicht dieselbe Person zu sein. Ein Mitarbeiter hilft Ihnen.
refused-no-template = Es gibt nichts zum Vergleichen. Ein Mitarbeiter registriert Sie neu.
working-start = Wir bereiten alles vor
working-picture = Wir lesen das Bild
working-look-up = Wir suchen Ihre Registrierung
working-check = Wir prüfen Ihre Registrierung
working-compare = Wir vergleichen die Bilder
working-identify = Wir suchen in der Galerie
working-save = Wir speichern Ihre Registrierung
attempt-timed-out = Die Zeit ist um. Lassen Sie sich Zeit, wir versuchen es noch einmal.
attempt-presentation-refused = Wir konnten nicht sicher sein, dass ein Mensch vor der Kamera steht.
attempt-not-usable = Das Bild wurde nicht klar genug.
attempt-no-answer = Das Bild konnte nicht geprüft werden.
identify-nearest = Die Ähnlichsten, alle unter der Schwelle
officer-match = Dieselbe Person
officer-match-line = Das Bild stimmt mit dem Eintrag überein.
officer-no-match = Nicht bestätigt
officer-no-match-line = Das Bild stimmt nicht mit dem Eintrag überein. Es wurde nichts geändert.
override-title = Die Prüfung konnte nicht antworten. Sie dürfen fortfahren, wenn Sie die Person selbst gesehen haben.
override-reason = Grund, bleibt im Eintrag
override-do = Fortfahren
palette-keys = Strg K

## Zahlen und Schrittschalter
decimal-mark = ,
unit-degrees = { $value }°
unit-percent = { $value } %
unit-pixels = { $value } px
unit-seconds = { $value } s
stepper-less = Weniger: { $what }
stepper-more = Mehr: { $what }

## Einstellungen, die geändert werden können
settings-save = Speichern
settings-discard = Verwerfen
settings-unsaved = { $n ->
    [one] 1 Änderung ist nicht gespeichert
   *[other] { $shown } Änderungen sind nicht gespeichert
}
settings-fixed = Diese Einstellungen pflegt, wer diesen Rechner betreut
settings-measured = gemessen: { $often } bis { $seldom }
settings-measured-most = gemessen: höchstens { $often }
settings-level-unsupported = Für diese Stufe wurden zu wenige Vergleiche gemessen
settings-calibration = Gemessen an { $comparisons } Vergleichen verschiedener Menschen; der Bereich gilt mit 95 % Sicherheit.
settings-calibration-none = Für diese Erkennung wurde noch nichts gemessen.
settings-search = Jemanden suchen
settings-search-line = Wenn ein Mensch mit allen in der Galerie verglichen wird.
settings-search-wrong = Fremder wird genannt
settings-search-margin = Vorsprung vor dem Nächsten
settings-search-cutoff = Weglassen unter
settings-search-list = Längste Liste
settings-points = { $value } Punkte
settings-profile-own = Ihr eigenes Profil
settings-limits = Grenzen von { $profile }
settings-reset = Zurück zu den eingebauten Werten
settings-asked = Erbeten
settings-stops = Hält auf
settings-never = nie
gate-smallest = Gesicht im Oval, mindestens
gate-largest = Gesicht im Oval, höchstens
gate-eye-distance = Augenabstand, mindestens
gate-aside = Neben der Mitte, seitlich
gate-height = Neben der Mitte, oben oder unten
gate-second-face = Zweites Gesicht, höchstens
gate-yaw = Kopf gedreht
gate-pitch = Kinn oben oder unten
gate-roll = Kopf geneigt
gate-dark-glasses = Licht an den Augen, mindestens
gate-eyes = Augen offen, mindestens
gate-mouth = Mund offen, höchstens
gate-sharpness = Schärfe, mindestens
gate-clipped = Überbelichtet, höchstens
gate-frames = Gute Bilder in Folge
gate-burst = Aufgenommene Bilder
gate-attempts = Versuche
gate-attempt-time = Zeit für einen Versuch
gate-patience = Geduld mit kleinen Fehlern
quality-dark-glasses = Keine dunkle Brille

## Format der Kamera
devices-automatic = Automatisch
devices-more-formats = { $n ->
    [one] und 1 weiteres
   *[other] und { $shown } weitere
}

## Versiegelte Dateien
transfer-export = Ausgeben…
transfer-import = Einlesen…
transfer-export-title = Personen ausgeben
transfer-export-line = Sie werden in eine Datei versiegelt. Nur die genannten Rechner oder wer das Kennwort hat, kann sie öffnen.
transfer-import-title = Personen einlesen
transfer-import-line = Sie kommen zu dieser Galerie dazu. Wer hier gelöscht wurde, bleibt gelöscht.
transfer-file = Datei
transfer-file-title = Versiegelte Datei mit Personen
transfer-choose = Wählen…
transfer-who = Wer
transfer-keys-to = Schlüssel der Rechner, für die sie ist
transfer-keys-from = Schlüssel der Rechner, denen Sie vertrauen
transfer-keys-line = Einer je Zeile, wie der andere Rechner ihn zeigt.
transfer-anyone = Die Datei nehmen, wer auch immer sie versiegelt hat
transfer-passphrase = Kennwort
transfer-passphrase-hint = falls eines gilt
transfer-passphrase-again = noch einmal dasselbe
transfer-own-signs = Diesen Schlüssel brauchen andere, um Dateien dieses Rechners zu trauen
transfer-own-receives = Diesen Schlüssel brauchen andere, um Dateien für diesen Rechner zu versiegeln
transfer-copy = Kopieren
transfer-export-do = Ausgeben
transfer-import-do = Einlesen
transfer-missing-file = Bitte wählen Sie eine Datei.
transfer-missing-recipient = Bitte nennen Sie einen Rechner oder ein Kennwort.
transfer-missing-again = Bitte geben Sie zweimal dasselbe Kennwort ein.
transfer-missing-trust = Bitte nennen Sie einen Rechner, oder nehmen Sie die Datei von jedem.
transfer-exporting = Personen werden ausgegeben
transfer-importing = Personen werden eingelesen
transfer-progress = { $people } fertig
transfer-progress-of = { $people } von { $of } fertig
transfer-cancel = Abbrechen
transfer-stopping = Wird beendet…
transfer-exported = Ausgegeben
transfer-exported-line = Personen: { $people }. Registrierungen: { $records }. Bilder: { $pictures }.
transfer-imported = Eingelesen
transfer-imported-line = { $added } neue, { $updated } geänderte und { $unchanged } bekannte Personen.
transfer-erased-before = { $n ->
    [one] 1 Person blieb weg, weil sie hier früher gelöscht wurde.
   *[other] { $shown } Personen blieben weg, weil sie hier früher gelöscht wurden.
}
transfer-conflicts = { $n ->
    [one] 1 Person blieb weg, weil ihr Code hier jemand anderem gehört.
   *[other] { $shown } Personen blieben weg, weil ihre Codes hier anderen gehören.
}
transfer-signer = Versiegelt von { $signer }. Vergleichen Sie diese Zeichen mit denen des anderen Rechners.
notice-settings = Die Einstellungen sind gespeichert und gelten.

## Vorführung
guide-step = Vorführung, Teil { $step } von { $steps }
guide-next = Weiter
guide-take-over = Selbst versuchen
guide-close = Schließen
guide-welcome = Ein gezeichneter Mensch tritt heran und registriert sich. Sie schauen zu.
guide-consent = Zuerst erfährt er, was aufgenommen wird, und stimmt zu.
guide-details = Er sagt, wer er ist.
guide-face = Er folgt den Anweisungen. Das Bild entsteht von selbst.
guide-review = Er prüft, was behalten wird.
guide-enrolled = Registriert. Den Code behält er.
guide-verify = Derselbe Mensch kommt wieder und wird mit seinem Eintrag verglichen.
guide-verified = Er ist es: Die Gesichter stimmen überein.
guide-stranger = Nun versucht es ein Fremder mit demselben Code.
guide-refused = Der Fremde wird nicht bestätigt. Nichts wurde geändert.
guide-over = Das war es: registriert, bestätigt, und ein Fremder abgewiesen.
guide-failed = Die Vorführung kam nicht zu dem Ende, das sie haben sollte.
guide-trouble = Etwas ist im Weg. Vielleicht behebt es sich selbst.

## Die Lebendprüfung

challenge-settle = Schauen Sie gerade in die Kamera
challenge-done-one = Gut. Wieder geradeaus schauen
challenge-again = Versuchen wir es noch einmal
challenge-wrong = Das war eine andere Bewegung. Es folgen neue.
challenge-early = Das kam zu früh. Warten Sie, bis die Bewegung gezeigt wird.
challenge-timed-out = Die Zeit war um. Lassen Sie sich Zeit, es folgen neue.
challenge-face-lost = Ihr Gesicht war nicht im Bild. Bitte bleiben Sie im Oval.
gesture-turn-left = Drehen Sie den Kopf nach links
gesture-turn-right = Drehen Sie den Kopf nach rechts
gesture-look-up = Schauen Sie nach oben
gesture-look-down = Schauen Sie nach unten
gesture-blink = Zweimal kurz die Augen schließen
gesture-smile = Lächeln Sie
gesture-open-mouth = Öffnen Sie den Mund
gesture-come-closer = Kommen Sie näher, dann zurück
action-another-gesture = Andere Bewegung
action-cannot-do = Nicht möglich
refused-cannot-do = Die Bewegungen waren nicht möglich. Ein Mitarbeiter entscheidet, wie es weitergeht.
refused-liveness-needs-camera = Hier wird eine Bewegung vor der Kamera verlangt; eine Bilddatei genügt nicht.

## Dienste
page-sync = Abgleich
page-services = Dienste
service-awareid = AwareID
service-uqudo = Uqudo
service-faceki = FACEKI
service-baf = 3DiVi BAF
service-onboarding = Onboarding-Test
service-awareid-line = AwareID und Knomi: registriert, vergleicht, sucht und löscht Personen. Nötig sind Adresse, Bereich, Mandant und zwei Geheimnisse.
service-uqudo-line = Uqudo Face API: vergleicht zwei Bilder, sucht und ergänzt Personen. Nötig sind Adresse, Mandant und Geheimnis.
service-faceki-line = FACEKI Gesichtsvergleich: prüft Personen gegen ihr Dokument. Nötig sind Adresse, Mandant, Geheimnis und Ablauf.
service-baf-line = 3DiVi BAF: registriert Antragsteller und prüft sie. Nötig sind Adresse und privater Schlüssel.
service-onboarding-line = Biometrischer Onboarding-Test: nimmt einen Antrag mit den Bildern der Person. Nötig sind Adresse, Mandant und Geheimnis.
services-title = Dienste
services-line = Wohin Registrierungen gehen und wer um eine zweite Meinung gefragt werden kann
services-unused = Nicht genutzt
services-ready = Bereit, ungenutzt
services-delivers = Registrierungen gehen dorthin
services-delivers-practice = Übungen gehen dorthin
services-no-address = Noch keine Adresse
services-promise = Registrierungen
services-deletion = Löschungen
services-erases = Die Person wird auch dort getilgt
services-erases-partly = Dort gelöscht, aber weiter erkennbar: die Tilgung bleibt offen
services-erases-never = Dort nicht möglich: die Tilgung bleibt offen
services-credential = Geheimnis
services-contact = Letzte Antwort
services-contact-none = Noch nie
services-edit = { $service } ändern
services-edit-short = Ändern
services-set-up = { $service } einrichten
services-set-up-short = Einrichten
services-test = Verbindung prüfen
services-test-one = Verbindung zu { $service } prüfen
services-test-preparing = Einstellungen und Geheimnis werden gelesen …
services-test-contacting = Gefragt; die Antwort steht aus …
services-test-cancel = Prüfung abbrechen
services-test-good = Er antwortet, vertraut diesem Gerät und nimmt sein Geheimnis an ({ $millis } ms). Dort wurde nichts geändert.
services-clock-ahead = Seine Uhr geht { $seconds } s vor.
services-clock-behind = Seine Uhr geht { $seconds } s nach.
services-deliver-start = Registrierungen an { $service } liefern
services-deliver-start-short = Hierher liefern
services-deliver-stop = Nicht mehr an { $service } liefern
services-deliver-stop-short = Nicht mehr liefern
services-form-title = { $service } einrichten
services-address = Adresse
services-address-hint = https://…
services-prefix = Pfad vor jedem Aufruf
services-token-address = Adresse der Token
services-realm = Bereich
services-client = Mandant
services-tenant = Mandant
services-workflow = Ablauf
services-secret = Geheimnis
services-api-key = API-Schlüssel
services-private-key = Privater Schlüssel
services-more = Selten Geändertes zeigen
services-deliver-here = Registrierungen hierher liefern
services-practice-only = Nur für Übungsregistrierungen
services-practice-line = Übungen gehen nur an einen Dienst auf diesem Gerät, echte Registrierungen nie dorthin.
services-save = Speichern
services-missing-address = Bitte die Adresse angeben.
services-missing-setting = Bitte alle Felder ausfüllen.
services-missing-secret = Bitte angeben, wo das Geheimnis ist.
place-keystore = Schlüsselspeicher
place-env = Umgebung
place-file = Datei
place-broker = Vermittler
secret-kept = vorhanden; tippen ersetzt es
secret-type = einmal eintippen
secret-line = Auf diesem Gerät versiegelt. Niemand kann es hier wieder lesen.
secret-env-hint = NAME_DER_VARIABLEN
secret-env-line = Das Programm liest es bei Bedarf aus seiner Umgebung.
secret-file-hint = /pfad/zur/datei
secret-file-line = Nur dieses Konto darf die Datei lesen.
secret-broker-hint = https://…
secret-broker-line = Ein eigener Server hält das Geheimnis und wird stattdessen nach Token gefragt.
credential-missing = Noch kein Geheimnis
credential-keystore = Im Schlüsselspeicher dieses Geräts als { $name }
credential-env = In der Umgebung als { $name }
credential-file = In der Datei { $name }
credential-broker = Beim Vermittler { $name }
ability-enrol = registriert
ability-authenticate = vergleicht mit einer registrierten Person
ability-verify = vergleicht zwei Bilder
ability-search = sucht
ability-insert = ergänzt Bilder
ability-delete = löscht
ability-status = weiß, was ankam
ability-not = { $what }: nein
guarantee-key = Genau einmal, durch unseren Schlüssel
guarantee-key-line = Genau einmal: Der Dienst kennt unseren Schlüssel und nimmt nichts doppelt.
guarantee-look-up = Genau einmal, durch Nachfragen
guarantee-look-up-line = Genau einmal: Nach einer verlorenen Antwort wird der Dienst gefragt, bevor erneut gesendet wird.
guarantee-at-most-once = Höchstens einmal; ein Mensch entscheidet
guarantee-at-most-once-line = Höchstens einmal: Nach einer verlorenen Antwort wird ohne das Wort eines Menschen nichts erneut gesendet.

## Störungen von Diensten
fault-unreachable = Er ist nicht erreichbar. Bitte Netz und Adresse prüfen; inzwischen geht nichts verloren.
fault-interrupted = Die Verbindung brach vor der Antwort ab. Was daraus wurde, wird ermittelt oder Ihnen überlassen.
fault-untrusted = Seinem Zertifikat wird nicht vertraut. Bitte das Datum dieses Geräts prüfen, dann den Betreiber fragen.
fault-not-allowed = Seine Adresse ist hier nicht erlaubt. Bitte berichtigen oder den Rechner erlauben lassen.
fault-unauthorised = Er nimmt das Geheimnis dieses Geräts nicht an. Bitte das Geheimnis erneuern.
fault-forbidden = Dem Konto fehlt eine Berechtigung. Bitte beim Anbieter danach fragen.
fault-busy = Er ist ausgelastet. Das wird von selbst wiederholt.
fault-service-failed = Er hat selbst versagt. Das wird wiederholt; bitte dem Anbieter melden, wenn es anhält.
fault-garbled = Seine Antwort ist nicht zu verstehen. Bitte die Adresse prüfen: vielleicht antwortet dort etwas anderes.
fault-unfit = Das Gesendete überschreitet eine seiner Grenzen. Bitte die Person neu aufnehmen.
fault-incomplete = Dem Datensatz fehlt ein Bild des Dokuments, das er verlangt. Bitte eines ergänzen und erneut senden, oder mit dem Dokument aufnehmen.
fault-bad-picture = Er fand kein brauchbares Gesicht im Bild. Bitte die Person neu aufnehmen.
fault-rejected = Nach seinem Urteil passt die Person nicht oder lebt nicht. Bitte seine Prüfungen ansehen und entscheiden.
fault-not-found = Er kennt niemanden unter diesem Namen. Vielleicht kam die Person dort nie an.
fault-duplicate = Er hat diese Person schon. Es ist nichts zu tun.
fault-attempts-used = Alle erlaubten Versuche sind verbraucht. Noch einmal senden beginnt dort eine neue Registrierung.
fault-closed = Der Antrag wurde dort geschlossen. Noch einmal senden beginnt einen neuen.
fault-not-offered = Das bietet er nicht an.
fault-misconfigured = Eine Einstellung fehlt oder stimmt nicht. Bitte die Einstellungen des Dienstes ergänzen.

## Abgleich
sync-title = Abgleich
sync-none = Dieses Fenster liefert nichts aus.
sync-no-service = Kein Dienst ist eingerichtet, an den Registrierungen gehen. Sie sind hier sicher und bleiben hier.
sync-to-services = Dienst einrichten
sync-now = Jetzt liefern
sync-pause = Anhalten
sync-resume = Weiter
sync-export = Pakete schreiben…
sync-import = Pakete lesen…
sync-all = Alle
sync-waiting = Wartet
sync-attention = Braucht Sie
sync-delivered = Geliefert
sync-part = Teil der Warteschlange
sync-page = { $from }–{ $to } von { $of }
sync-next-page = Nächste Seite
sync-previous-page = Vorige Seite
sync-count-waiting = { $n ->
    [0] nichts wartet
    [one] { $shown } wartet
   *[other] { $shown } warten
}
sync-count-attention = { $n ->
    [0] nichts für Sie
    [one] { $shown } braucht Sie
   *[other] { $shown } brauchen Sie
}
sync-contact = Letzte Antwort { $when }
sync-contact-none = Noch keine Antwort
sync-column-state = Stand
sync-column-person = Person
sync-column-service = Dienst
sync-column-when = Letzte Änderung
sync-column-what = Was
sync-empty = Hier ist nichts.
sync-empty-attention = Nichts braucht Sie.
sync-enrolment = Registrierung
sync-deletion = Löschung
sync-erased = Jemand, der gelöscht wurde
sync-nobody = Hier niemand bekannt
sync-other-machine = Aus dem Paket eines anderen Geräts
sync-open-person = Person öffnen
sync-receipt = Quittung
sync-reference = Kennzeichen
sync-repeated = Der Dienst hatte es schon.
sync-history = Verlauf
lane-open = Liefert
lane-idle = Ruht
lane-paused = Angehalten
lane-waiting = Nicht erreichbar, wird wiederholt
lane-stopped = Steht, bis es behoben ist
lane-not-configured = Hier nicht mehr eingerichtet
delivery-queued = Wartet
delivery-queued-line = Es wartet darauf, gesendet zu werden.
delivery-sending = Wird gesendet
delivery-sending-line = Es wird gerade gesendet.
delivery-doubtful = Wird nachgefragt
delivery-doubtful-line = Ein Versuch kam vielleicht an. Der Dienst wird gefragt, bevor erneut gesendet wird.
delivery-exported = In einem Paket
delivery-exported-line = Es wurde in ein versiegeltes Paket geschrieben und wartet auf die Quittung.
delivery-delivered = Geliefert
delivery-delivered-line = Der Dienst hat es.
delivery-refused = Abgelehnt
delivery-refused-line = Der Dienst hat endgültig nein gesagt. Erneut gesendet wird nur auf Ihr Wort.
delivery-unknown = Ausgang unbekannt
delivery-unknown-line = Es kam vielleicht an, vielleicht nicht; nichts kann es sagen. Bitte beim Dienst nachsehen und dann angeben.
delivery-set-aside = Zurückgestellt
delivery-set-aside-line = Es scheiterte zu oft oder wurde zurückgestellt. Die anderen gehen ohne es weiter.
delivery-owed = Tilgung offen
delivery-owed-line = Gelöscht, soweit der Dienst es kann, aber dort weiter erkennbar. Bitte tilgen lassen und dann angeben.
decide-retry = Erneut senden
decide-retry-line = Es wartet wieder wie neu. Bitte vorher beheben, was zur Ablehnung führte.
decide-set-aside = Zurückstellen
decide-set-aside-line = Es wird nicht gesendet, bis jemand es erneut sendet. Spätere Registrierungen derselben Person warten darauf.
decide-arrived = Es kam an
decide-arrived-line = Sie haben es beim Dienst gefunden. Es gilt als geliefert und wird nie mehr gesendet.
decide-erased = Sie wurde getilgt
decide-erased-line = Der Anbieter hat bestätigt, dass die Person dort nicht mehr erkannt werden kann.
decide-not-arrived = Es kam nicht an
decide-not-arrived-line = Sie haben beim Dienst nachgesehen, und es ist nicht dort. Es wird erneut gesendet. Ist es doch dort, ist die Person doppelt dort.
decide-take-back = Zurücknehmen
decide-take-back-line = Das Paket ist verloren oder wird nicht geliefert. Es wird von hier erneut gesendet. Kommt das Paket doch an, ist die Person vielleicht doppelt dort.
decide-reason = Warum
decide-reason-hint = für den Verlauf und das Protokoll
decide-reason-line = Bitte hier nichts über die Person sagen.
decide-reference = Name der Person beim Dienst
decide-reference-hint = falls bekannt
decide-too-long = Bitte in 200 Zeichen sagen.
history-queued = Eingereiht
history-sending = Wird gesendet
history-prepared = Dort vorbereitet
history-unsent = Nicht gesendet
history-unreadable = Nicht lesbar
history-delivered = Geliefert
history-owed = Tilgung offen
history-unknown = Ausgang unbekannt
history-doubtful = Vielleicht angekommen
history-set-aside = Zurückgestellt
history-again = Wartet wieder
history-waits = Wartet
history-failed = Gescheitert, wird wiederholt
history-refused = Abgelehnt
history-absent = Nicht dort
history-retried = Erneut gesendet
history-resolved = Entschieden
history-exported = In ein Paket geschrieben
history-returned = Quittung kam zurück
stop-queue = { $waiting } Registrierungen warten; höchstens { $limit } dürfen es. Niemand wird mehr registriert, bis weniger warten: bitte dieses Gerät verbinden oder Pakete schreiben.
stop-offline = { $service } war { $days } Tage nicht erreichbar; höchstens { $limit } dürfen vergehen. Niemand wird mehr registriert: bitte Netz und Datum prüfen oder Pakete schreiben.
stop-disk = Nur { $free } MB sind frei; mindestens { $limit } müssen es sein. Niemand wird mehr registriert, bis Platz ist.
stop-credential = { $service } nimmt das Geheimnis dieses Geräts nicht mehr an. Registrierungen warten sicher; bitte das Geheimnis erneuern.
banner-trouble = Die Lieferung ruht: { $what }. { $advice } ({ $code })
banner-trouble-advice = Die Lieferung ruht. { $advice } ({ $code })
banner-paused = { $n ->
    [0] Die Lieferung ist angehalten. Sie geht auf Ihr Wort weiter oder beim nächsten Start.
    [one] Die Lieferung ist angehalten; { $shown } wartet. Sie geht auf Ihr Wort weiter oder beim nächsten Start.
   *[other] Die Lieferung ist angehalten; { $shown } warten. Sie geht auf Ihr Wort weiter oder beim nächsten Start.
}
banner-waiting = { $n ->
    [0] Nichts wartet.
    [one] { $shown } wartet.
   *[other] { $shown } warten.
}
banner-days-left = { $n ->
    [0] Ab heute wird niemand mehr registriert.
    [one] Registriert wird ohne ihn noch { $shown } Tag.
   *[other] Registriert wird ohne ihn noch { $shown } Tage.
}
today-to-sync = Ansehen
status-queue = { $n ->
    [0] Nichts wartet
    [one] { $shown } wartet
   *[other] { $shown } warten
}
notice-decided = Erledigt; es steht im Verlauf.
drawer-deliveries = Bei den Diensten
drawer-receipt = Quittung { $reference }

## Pakete
packets-export-title = Versiegelte Pakete schreiben
packets-export-line = Was wartet, wird in einen Ordner geschrieben, etwa auf einen Stick, und zu einem verbundenen Gerät getragen. Nur die Filiale kann es öffnen.
packets-import-title = Versiegelte Pakete lesen
packets-import-line = Pakete anderer Geräte werden von hier geliefert, jedes einmal. Quittungen für dieses Gerät werden übernommen.
packets-folder = Ordner
packets-folder-title = Ordner mit versiegelten Paketen
packets-branch-key = Schlüssel der Filiale
packets-branch-line = Leer gilt der Schlüssel der Konfiguration.
packets-trusted-line = Einer je Zeile. Leer gelten die der Konfiguration.
packets-missing-folder = Bitte einen Ordner wählen.
packets-export-do = Schreiben
packets-import-do = Lesen
packets-exporting = Pakete werden geschrieben
packets-importing = Pakete werden geliefert
packets-preparing = Die letzte Antwort steht noch aus …
packets-rest = Die Lieferung über das Netz ruht so lange.
packets-exported = Pakete geschrieben
packets-exported-line = { $packets } Pakete sind im Ordner, { $written } davon jetzt geschrieben.
packets-exported-next = Bitte den Ordner zu einem verbundenen Gerät tragen und mit den Quittungen zurückbringen.
packets-broken-off = Es wurde abgebrochen. Derselbe Auftrag noch einmal macht da weiter, wo es aufgehört hat.
packets-unreadable = { $n ->
    [one] { $shown } Lieferung war nicht lesbar und bleibt hier.
   *[other] { $shown } Lieferungen waren nicht lesbar und bleiben hier.
}
packets-imported = Pakete gelesen
packets-imported-line = { $packets } Pakete: { $delivered } geliefert, { $before } schon erledigt, { $attention } zu entscheiden, { $left } für ein anderes Mal.
packets-receipts-taken = { $n ->
    [one] { $shown } Quittung für dieses Gerät wurde übernommen.
   *[other] { $shown } Quittungen für dieses Gerät wurden übernommen.
}
packets-receipts-written = { $n ->
    [one] { $shown } Quittung wurde geschrieben; bitte den Ordner zurücktragen.
   *[other] { $shown } Quittungen wurden geschrieben; bitte den Ordner zurücktragen.
}
packets-missing = { $n ->
    [one] { $shown } Paket der Liste fehlt im Ordner.
   *[other] { $shown } Pakete der Liste fehlen im Ordner.
}
packets-problem = Nicht genommen: { $file }: { $what } ({ $code })

## Zweite Meinungen
opinion-title = Zweite Meinungen
opinion-title-disagree = Ein Dienst sieht es anders: bitte beides ansehen, bevor Sie entscheiden
opinion-here = Dieses Gerät
opinion-own-match = dieselbe Person
opinion-own-no-match = nicht dieselbe Person
opinion-own-unknown = hier niemand bekannt
opinion-own-new = neu registriert
opinion-waiting = überlegt noch …
opinion-authenticate = gegen den eigenen Eintrag
opinion-verify = gegen das Bild von hier
opinion-search = unter allen dort
opinion-same = dieselbe Person
opinion-other = nicht dieselbe Person
opinion-found = jemand wurde gefunden
opinion-not-found = niemand wurde gefunden
opinion-open = er ließ die Frage offen
opinion-late = keine Antwort in der Zeit
opinion-not-asked = nach dieser Person ist er nicht zu fragen
opinion-agrees = Stimmt zu
opinion-disagrees = Widerspricht
## Dokument aufnehmen
document-show = Legen Sie Ihr Dokument unter die Kamera.
document-one = Bitte nur ein Dokument auf einmal.
document-whole = Verschieben Sie es, bis das ganze Dokument im Bild ist.
document-closer = Bringen Sie es näher heran.
document-farther = Halten Sie es etwas weiter weg.
document-flatten = Legen Sie es flach hin.
document-turn-round = Drehen Sie es richtig herum.
document-more-light = Bitte etwas mehr Licht.
document-less-light = Es ist zu viel Licht darauf.
document-glare = Eine Spiegelung verdeckt einen Teil. Kippen Sie es ein wenig.
document-hold-steady = Halten Sie es still.
document-focus = Das Bild ist noch nicht scharf. Halten Sie es kurz still.
document-show-zone = Zeigen Sie die Seite mit dem Lichtbild und den Buchstabenzeilen.
document-hold-still = Gut. Halten Sie es still.
document-turn-over = Danke. Drehen Sie es jetzt um.
document-first-taken = Die erste Seite ist aufgenommen.
document-second-taken = Die andere Seite ist aufgenommen.
document-no-frames = Die Kamera liefert kein Bild. Sie wird neu geöffnet.
document-timed-out = Es kam rechtzeitig kein Bild zustande.
document-timed-out-line = Legen Sie das Dokument flach, nah und ohne Spiegelung hin und beginnen Sie neu. Auch ein Bild davon lässt sich öffnen.
document-again = Neu beginnen
document-one-side = Es gibt keine andere Seite
document-side-first = Erste Seite
document-side-second = Andere Seite
document-captured-line = Es wird von selbst aufgenommen, sobald es gut liegt.
document-page-taken = { $side }: aufgenommen
document-page-wanted = { $side }: kommt als Nächstes
document-not-usable = Mit diesem Bild ging es nicht.
## Documents
page-documents = Dokumente
flow-verify-id = Dokument geprüft
documents-title = Ein Ausweisdokument prüfen
documents-line = Das Dokument wird gelesen und geprüft, sein Lichtbild mit der Person verglichen, die es vorlegt.
documents-start = Dokument prüfen
document-reading = Das Dokument wird gelesen …
document-no-camera = Es gibt kein Bild. Öffnen Sie stattdessen ein Bild.
document-hint-side = Die Seite mit dem Lichtbild und den Zeilen aus Buchstaben und Pfeilen
document-hint-flat = Flach, ohne Spiegelung auf dem Druck
document-hint-close = So groß, wie es zwischen die Ecken passt
document-hint-still = Ruhig, bis es aufgenommen ist
document-take = So aufnehmen
document-open = Bild öffnen …
document-open-title = Ein Bild des Dokuments
document-family-name = Familienname
document-given-names = Vornamen
document-birth-date = Geburtsdatum
document-document-number = Dokumentnummer
document-expiry-date = Gültig bis
document-nationality = Staatsangehörigkeit
document-issuing-state = Ausgestellt von
document-sex = Geschlecht
verify-id-ok = Angenommen
verify-id-ok-line = Das Dokument ist gut lesbar, in sich stimmig und zeigt die Person, die hier steht. Wer es ausgestellt hat, beweist nur der Chip.
verify-id-refused = Abgelehnt
verify-id-undecided = Sie entscheiden
verify-id-because = Bitte ansehen: { $checks }
verify-id-open-line = Eine nötige Prüfung war nicht möglich.
verify-id-document = Dokument
verify-id-faces = Lichtbild und Person
verify-id-checks = Alle Prüfungen
verify-id-portrait-print = Gedrucktes Lichtbild
verify-id-portrait-chip = Lichtbild im Chip
verify-id-living-face = Lebendes Gesicht
verify-id-not-compared = Beide wurden nicht verglichen: Eines davon lässt sich nicht vergleichen.
verify-id-nothing-read = Auf dem Dokument war nichts lesbar.
verify-id-again = Dokument neu aufnehmen
verify-id-chip = Dateien des Chips …
verify-id-chip-title = Der Ordner mit den Dateien des Chips
verify-id-export = Bericht speichern …
verify-id-export-title = Wohin der Bericht geht
verify-id-with-pictures = Mit Bildern der Person
report-written = Der Bericht wurde gespeichert.
check-passed = Bestanden
check-failed = Nicht bestanden
check-person = Sie entscheiden
check-retry = Neu aufnehmen
check-hint = Ein Hinweis
check-not-checked = Nicht geprüft
check-count = { $passed } von { $made } bestanden
check-group-face = Lebendes Gesicht
check-group-document = Dokument
check-group-chip = Chip

# What to do about a fault, by support code. English has these sentences in the program itself.
advice-BIO-01 = Es wurde kein Gesicht gefunden: Nehmen Sie ein Bild, das ein Gesicht zeigt, aufrecht und unverdeckt.
advice-BIO-02 = Es sind mehrere Gesichter zu sehen: Nehmen Sie ein Bild von nur einer Person.
advice-BIO-03 = Nehmen Sie ein Bild, auf dem das Gesicht größer ist.
advice-BIO-10 = Die Vorlagen stammen von einem anderen Erkenner: Führen Sie `visavis gallery reindex` aus oder erfassen Sie die Person neu.
advice-BIO-11 = Die Antwort des Erkenners ist unbrauchbar: Führen Sie `visavis models verify` aus.
advice-BIO-20 = Für diesen Erkenner sind keine Schwellen gemessen: `visavis evaluate calibration`, dann `visavis models calibrate`.
advice-BIO-21 = Die Schwellen gehören zu einem anderen Erkenner: Verwenden Sie die zum eingesetzten gemessenen.
advice-BIO-22 = Wählen Sie eine niedrigere Stufe, oder lassen Sie die Schwellen an mehr Personen messen.
advice-BIO-23 = Wählen Sie eine Stufe von 1 bis 5.
advice-BIO-24 = Die Schwellen sind unbrauchbar: Lassen Sie sie mit `visavis evaluate calibration` neu messen.
advice-CAM-01 = Es ist keine Kamera da: Schließen Sie eine an, oder nennen Sie eine von mehreren mit --camera webcam:ID.
advice-CAM-02 = Die Kamera wird schon benutzt: Schließen Sie das andere Programm, das ihr Bild zeigt.
advice-CAM-03 = Dieses Konto darf die Kamera nicht benutzen: Erlauben Sie es (unter Linux: Gruppe `video`).
advice-CAM-04 = Die Kamera wurde abgezogen: Stecken Sie sie wieder ein, das Bild kommt von selbst zurück.
advice-CAM-05 = Die Kamera steht: Warten Sie, bis sie neu gestartet ist, oder stecken Sie sie um.
advice-CAM-06 = Dieses Format kann nicht gelesen werden: Wählen Sie eine andere Kamera oder ein anderes Format.
advice-CAM-07 = Ein Bild der Kamera war beschädigt: Prüfen Sie das Kabel, und wählen Sie ein anderes Format, wenn es so bleibt.
advice-CAM-08 = Die Aufzeichnung ist zu Ende: Starten Sie sie neu.
advice-CAM-09 = Nennen Sie ein Bild, einen Ordner mit Bildern, eine Animation oder ein Szenario, das es gibt.
advice-CAM-10 = Die Kamera antwortet nicht richtig: Stecken Sie sie um, und starten Sie das Programm neu, wenn es so bleibt.
advice-CAM-11 = Schreiben Sie `webcam[:id]`, `replay:<Datei oder Ordner>` oder `synthetic[:szenario]`.
advice-CAM-12 = Wählen Sie für echte Erfassungen eine wirkliche Kamera.
advice-CAM-13 = Wählen Sie ein Format, das die Geräteseite nennt, oder stellen Sie Breite, Höhe, Farbformat und Rate auf automatisch.
advice-CFG-01 = Bessern Sie die genannte Zeile der Konfiguration aus, dann `visavis config check`.
advice-CFG-02 = Vergleichen Sie mit `visavis config show`, das jeden Schlüssel nennt.
advice-CFG-03 = Der Wert liegt außerhalb des Erlaubten: Wählen Sie einen im genannten Bereich.
advice-CFG-04 = Die Konfiguration kann nicht gelesen werden: Prüfen Sie, ob die Datei da ist und gelesen werden darf.
advice-CFG-05 = Die Einstellungen können nicht geschrieben werden: Bitten Sie, wer dieses Gerät betreut, die Datei schreibbar zu machen.
advice-CFG-06 = Ändern Sie Einstellungen am Schalter oder in der Konfigurationsdatei.
advice-CFG-07 = Starten Sie das Programm neu.
advice-DOC-01 = Nehmen Sie den Ausweis noch einmal auf, so dass alle Zeilen der maschinenlesbaren Zone ganz zu sehen sind.
advice-DOC-02 = Zeigen Sie die Seite des Ausweises, die unten die Zeilen mit `<` hat.
advice-DOC-10 = Zeigen Sie den großen Strichcode auf der Rückseite des Führerscheins oder Ausweises.
advice-DOC-11 = Diese Art Führerschein wird nicht gelesen: Nehmen Sie einen anderen Ausweis, oder tippen Sie die Angaben ein.
advice-DOC-12 = Nehmen Sie den Strichcode noch einmal auf, ganz und scharf.
advice-DOC-13 = Nehmen Sie einen anderen Ausweis: Dieser Strichcode sagt nicht, wem er gehört.
advice-DOC-14 = Lassen Sie einen Menschen den Ausweis ansehen: Sein Strichcode nennt ein unmögliches Geburtsdatum.
advice-DOC-20 = Halten Sie die Seite mit dem Strichcode flach, näher und ohne Spiegelung.
advice-DOC-21 = Nehmen Sie ein Bild von höchstens 8192 Punkten auf der längeren Seite.
advice-DOC-22 = Nehmen Sie den Strichcode noch einmal auf; gelingt es wieder nicht, tippen Sie die Angaben ein.
advice-DOC-23 = Legen Sie die aufgeschlagene Seite mit dem Lichtbild flach und ganz ins Bild.
advice-DOC-24 = Drehen Sie den Ausweis um; eine Karte ohne maschinenlesbare Seite kann hier nicht geprüft werden.
advice-DOC-25 = Nehmen Sie den Ausweis noch einmal auf: flach, scharf, ohne Spiegelung auf den Zeilen unten.
advice-DOC-26 = Schieben Sie den Ausweis so, dass er ganz im Bild ist.
advice-DOC-27 = Halten Sie den Ausweis näher an die Kamera.
advice-DOC-28 = Lassen Sie nur einen Ausweis im Bild.
advice-DOC-29 = Halten Sie den Ausweis still, bis das Bild scharf ist.
advice-DOC-30 = Kippen Sie den Ausweis, oder rücken Sie die Lampe, bis die Spiegelung weg ist.
advice-DOC-31 = Machen Sie mehr Licht.
advice-DOC-32 = Drehen Sie den Ausweis um, und nehmen Sie auch die andere Seite auf.
advice-DOC-33 = Zeigen Sie den Strichcode des Ausweises, keinen anderen.
advice-DOC-34 = Prüfen Sie die fehlenden Angaben mit dem Auge.
advice-DOC-35 = Die eingetippten Angaben sind unvollständig oder falsch geschrieben: Geben Sie alle an, Daten wie 2001-02-03.
advice-DOC-40 = Der Ordner des Chips kann nicht gelesen werden: Prüfen Sie, ob er da ist und gelesen werden darf.
advice-DOC-41 = Im Ordner fehlen die Dateien des Chips: Nennen Sie sie EF.COM, EF.SOD, EF.DG1, EF.DG2 und so weiter, oder EF_SOD.bin, DG1.bin.
advice-DOC-42 = Die Datei ist nicht das, was ein Chip enthält: Lesen Sie den Chip noch einmal aus.
advice-DOC-43 = Lassen Sie nur die Dateien eines einzigen Chips im Ordner, jede nur einmal.
advice-DOC-44 = Wählen Sie einen Ordner, in dem nur die Dateien des Chips liegen.
advice-DOC-45 = Die Zertifikate der Länder fehlen: Legen Sie sie (DER oder PEM) mit ihren Sperrlisten in den Ordner.
advice-DOC-50 = Der Kontakt zum Chip brach ab: Legen Sie den Ausweis flach auf den Leser, und lassen Sie ihn liegen, bis er gelesen ist.
advice-DOC-51 = Der Chip antwortete nicht richtig: Nehmen Sie den Ausweis vom Leser, und legen Sie ihn noch einmal auf.
advice-DOC-52 = Der Chip ließ sich nicht öffnen: Lesen Sie die maschinenlesbare Zone noch einmal, oder tippen Sie die Zugangsnummer ein.
advice-DOC-53 = Dieser Chip kann hier nicht gelesen werden: Machen Sie ohne ihn weiter, die anderen Prüfungen zählen trotzdem.
advice-DOC-54 = Lassen Sie den Chip nicht gelten: Er ist keiner eines Reisedokuments.
advice-DOC-55 = Der Dienst für Chipkarten fehlt: Installieren und starten Sie ihn (`pcscd`).
advice-DOC-56 = Es ist kein Kartenleser da: Schließen Sie einen kontaktlosen an, oder machen Sie ohne den Chip weiter.
advice-DOC-57 = Auf dem Leser liegt kein Ausweis: Legen Sie ihn flach auf, und lassen Sie ihn liegen, bis er gelesen ist.
advice-DOC-58 = Im Bild ist kein Ausweis zu erkennen: Legen Sie die Seite mit Lichtbild und Zeilen flach unter die Kamera, ohne Spiegelung und näher.
advice-DOC-59 = Die Datei kann nicht gelesen werden: Prüfen Sie, ob sie da ist und gelesen werden darf.
advice-DOC-60 = Der Text passt nicht in einen Strichcode: Kürzen Sie ihn auf etwa 1100 Zeichen.
advice-DOC-61 = Abgebrochen: Beginnen Sie wieder, wenn der Ausweis zur Hand ist.
advice-DOC-62 = Die Zeit ist um: Beginnen Sie noch einmal, mit dem Ausweis flach, nah und ohne Spiegelung, bis er aufgenommen ist.
advice-EVT-02 = Prüfen Sie den Datenträger mit `visavis doctor` und sagen Sie den Empfängern, was geschehen ist.
advice-FLW-10 = Tippen Sie die acht Zeichen noch einmal, wie sie auf dem Beleg stehen.
advice-FLW-11 = Geben Sie eine Bildgröße von mindestens 1x1 an.
advice-FLW-12 = Wählen Sie eines der genannten Profile.
advice-FLW-13 = Berichtigen Sie das Profil in der Konfiguration; `visavis config check` zeigt die Stelle.
advice-FLW-34 = Versuchen Sie es noch einmal; bleibt es so, starten Sie das Programm neu.
advice-FLW-35 = Prüfen Sie zuerst einen Ausweis; sein Bericht kann dann von der Entscheidung aus gespeichert werden.
advice-FLW-36 = Der Bericht konnte nicht geschrieben werden: Wählen Sie einen anderen Ordner, oder schaffen Sie Platz.
advice-GAL-01 = Die Galerie lässt sich nicht öffnen: Prüfen Sie, ob der Datenordner da ist und geschrieben werden darf.
advice-GAL-02 = Der Schlüssel der Galerie fehlt, passt nicht, oder die Datei ist beschädigt: Entsperren Sie den Schlüsselspeicher, oder stellen Sie Schlüssel oder Datei aus der Sicherung wieder her.
advice-GAL-03 = Ein anderes Programm benutzt die Galerie: Schließen Sie es, dann versuchen Sie es noch einmal.
advice-GAL-04 = Der Speicher ist voll, nichts wurde gespeichert: Schaffen Sie Platz, dann versuchen Sie es noch einmal.
advice-GAL-05 = Die Galerie stammt von einer neueren Version: Installieren Sie diese wieder; an der Galerie wurde nichts geändert.
advice-GAL-06 = Das gibt es nicht mehr: Laden Sie die Liste neu.
advice-GAL-07 = Den Namen gibt es schon: Wählen Sie einen anderen.
advice-GAL-08 = Gespeicherte Daten sind beschädigt: Stellen Sie die Galerie aus einer Sicherung wieder her; `visavis doctor` sagt mehr.
advice-GAL-09 = Starten Sie das Programm neu; alles als gespeichert Gemeldete ist sicher.
advice-GAL-10 = Die Galerie meldet einen Fehler: Versuchen Sie es noch einmal; bleibt es so, `visavis doctor`.
advice-GAL-11 = Nehmen Sie für echte Einträge eine wirkliche Kamera; geübt wird nur in der Übungsgalerie.
advice-GAL-12 = So kann nicht gespeichert werden: Nehmen Sie die Person noch einmal auf, oder nennen Sie dem Support diesen Code.
advice-GAL-20 = Niemand hat diese Kennung oder diesen Code: Suchen Sie die Person in der Galerie.
advice-GAL-25 = Diese Erfassung gibt es nicht: Sehen Sie bei der Person nach, welche es gibt.
advice-GAL-26 = So kann keine Galerie heißen: 1 bis 64 Zeichen, ohne Leerzeichen an den Enden; `default` ist die Galerie aller.
advice-GAL-27 = Nichts wurde entfernt: Löschen Sie die Person, wenn alles über sie weg soll.
advice-GAL-40 = Nehmen Sie eine Datei, die eine Galerie ausgegeben hat.
advice-GAL-41 = Erneuern Sie dieses Programm, oder geben Sie die Datei mit der hiesigen Version noch einmal aus.
advice-GAL-42 = Tippen Sie das Kennwort noch einmal, oder lassen Sie die Datei für den Schlüssel dieses Geräts ausgeben.
advice-GAL-43 = Die Datei ist beschädigt: Kopieren Sie sie noch einmal von dort, wo sie entstand; nichts daraus wurde übernommen.
advice-GAL-44 = Der Absender ist nicht bekannt: Vergleichen Sie den Fingerabdruck mit ihm, dann nehmen Sie seinen Schlüssel auf.
advice-GAL-45 = Geben Sie einen öffentlichen P-256-Schlüssel an, als PEM oder wie das andere Gerät ihn zeigt.
advice-GAL-46 = Nennen Sie mindestens einen Empfängerschlüssel oder ein Kennwort.
advice-GAL-47 = Der Speicher ist voll: Schaffen Sie Platz, oder wählen Sie einen anderen Datenträger.
advice-GAL-48 = Die Datei kann nicht gelesen oder geschrieben werden: Prüfen Sie, ob sie und ihr Ordner da und benutzbar sind.
advice-GAL-50 = Abgebrochen: Beginnen Sie wieder, wann immer Sie wollen.
advice-GAL-51 = Das geht nur am Schalter.
advice-GAL-52 = Eine Übertragung läuft: Warten Sie ihr Ende ab, oder brechen Sie sie ab.
advice-GAL-53 = Beenden Sie zuerst den laufenden Vorgang, oder brechen Sie ihn ab.
advice-GAL-54 = Führen Sie „visavis gallery reindex“ aus, damit die Erfassten mit den Modellen dieses Rechners verglichen werden können.
advice-MOD-01 = Eine Modelldatei fehlt: Installieren Sie die Modelle noch einmal (`visavis models install` oder `visavis models import`).
advice-MOD-02 = Eine Modelldatei ist nicht ganz da: Installieren Sie die Modelle noch einmal (`visavis models install` oder `visavis models import`).
advice-MOD-03 = Eine Modelldatei wurde verändert: Installieren Sie die Modelle noch einmal (`visavis models install` oder `visavis models import`).
advice-MOD-04 = Die Beschreibung der Modelle ist unbrauchbar: Installieren Sie sie noch einmal, oder bessern Sie ihre manifest.toml aus.
advice-MOD-05 = Diese Modelle gehören zu einer anderen Version des Programms: Nehmen Sie dazu passende.
advice-MOD-06 = Diese Modelle sind anders gebaut, als diese Version sie kennt: Nehmen Sie dazu passende.
advice-MOD-07 = Verwenden Sie diese Modelle nicht: Sie nennen Dateien außerhalb ihres Ordners.
advice-MOD-08 = Für diese Aufgabe ist kein Modell da: Nehmen Sie Modelle, die eines haben; `visavis models list` zeigt sie.
advice-MOD-09 = Diese Modelle gibt es hier nicht: `visavis models list` zeigt die vorhandenen; oder nennen Sie ihren Ordner mit --models.
advice-MOD-10 = Ein Modell antwortet nicht, wie es soll: Führen Sie `visavis models verify` aus, und installieren Sie die Modelle neu, wenn es einen Fehler meldet.
advice-MOD-11 = Ein Modell lässt sich nicht laden: Führen Sie `visavis models verify` aus, und installieren Sie die Modelle neu, wenn es einen Fehler meldet.
advice-MOD-12 = Die Rechenbibliothek der Modelle lässt sich nicht laden: `visavis doctor` zeigt, welche versucht wurden.
advice-MOD-13 = Es sind keine Modelle da: Führen Sie `visavis models install open` aus, oder nennen Sie ihren Ordner mit --models.
advice-MOD-21 = Lesen Sie die Bedingungen der Modelle („visavis models card“); passen sie zu Ihrem Einsatz, setzen Sie „accept_model_terms = true“ in der Einstellungsdatei, die „visavis doctor“ nennt.
advice-IMG-01 = Nehmen Sie eine Bilddatei von höchstens 64 MB.
advice-IMG-02 = Verkleinern Sie das Bild auf höchstens 100 Megapixel.
advice-IMG-03 = Die Datei ist leer: Kopieren oder speichern Sie sie noch einmal.
advice-IMG-04 = Das Ende der Datei fehlt: Kopieren oder speichern Sie sie noch einmal.
advice-IMG-05 = Nehmen Sie ein Bild in PNG, JPEG, JPEG 2000, GIF, WebP, BMP, TIFF oder PNM.
advice-IMG-06 = Die Bilddatei ist beschädigt: Öffnen Sie sie in einem Bildbetrachter, und speichern Sie sie neu.
advice-IMG-07 = Speichern Sie das Bild als gewöhnliches PNG oder JPEG.
advice-IMG-08 = Verkleinern Sie das Bild, oder speichern Sie es mit 8 Bit je Farbe.
advice-IMG-10 = Wählen Sie ein anderes Format oder eine andere Größe der Kamera; prüfen Sie das Kabel, wenn es so bleibt.
advice-IMG-11 = Speichern Sie das Bild als PNG; JPEG fasst höchstens 65535 Punkte je Seite.
advice-KEY-01 = Entsperren Sie den Schlüsselspeicher des Systems, oder setzen Sie `keys.store = "file"` in der Konfiguration.
advice-KEY-02 = Der Schlüssel fehlt: Stellen Sie ihn aus seiner Sicherung wieder her; ohne ihn öffnet sich die Galerie nicht.
advice-KEY-03 = Machen Sie die Schlüsseldatei nur für dieses Konto lesbar (Modus 0600).
advice-PCK-01 = Der Ordner der Modelle ist nicht benutzbar: Prüfen Sie, ob er da ist und ob der Speicher voll ist.
advice-PCK-02 = Der Herausgeber ist nicht erreichbar: Prüfen Sie das Netz, oder holen Sie die Datei anderswo und nutzen Sie `visavis models install open --from ORDNER`.
advice-PCK-03 = Die Übertragung brach ab: Versuchen Sie es noch einmal, sie geht weiter, wo sie endete.
advice-PCK-04 = Verwenden Sie diese Datei nicht: Sie ist nicht die erwartete. Versuchen Sie es später, oder beziehen Sie sie anders vom Herausgeber.
advice-PCK-05 = Im Ordner fehlt die Datei des Herausgebers: Legen Sie sie unter ihrem eigenen Namen hinein.
advice-PCK-06 = Modelle werden nur über HTTPS geholt: Prüfen Sie Proxy und Adresse.
advice-PCK-07 = Geben Sie den Modellen in ihrer manifest.toml einen anderen Namen.
advice-SVC-01 = Der Dienst ist nicht erreichbar: Prüfen Sie das Netz und seine Adresse; die Einträge warten hier sicher.
advice-SVC-02 = Die Verbindung brach ab, es ist nichts zu tun: Was daraus wurde, wird ermittelt oder Ihnen zur Entscheidung vorgelegt.
advice-SVC-03 = Dem Zertifikat des Dienstes wird nicht vertraut: Prüfen Sie es und das Datum dieses Geräts; eine eigene Zertifizierungsstelle nennt `ca_file`.
advice-SVC-04 = Die Adresse des Dienstes ist hier nicht erlaubt: Berichtigen Sie sie, oder nehmen Sie seinen Rechner in `allowed_hosts` auf.
advice-SVC-05 = Der Dienst nimmt die Zugangsdaten nicht an: Erneuern Sie sie; `visavis remote check` sagt mehr.
advice-SVC-06 = Dem Konto fehlt eine Berechtigung: Bitten Sie den Anbieter des Dienstes darum.
advice-SVC-07 = Der Dienst ist ausgelastet: Warten Sie, es wird von selbst noch einmal geliefert.
advice-SVC-08 = Der Dienst hat selbst versagt: Warten Sie, und sagen Sie es seinem Anbieter, wenn es anhält.
advice-SVC-09 = Die Antwort ist nicht zu verstehen: Prüfen Sie die Adresse und ihren Anfang, vielleicht antwortet dort etwas anderes.
advice-SVC-10 = Das Bild überschreitet eine Grenze des Dienstes: Nehmen Sie die Person innerhalb seiner Grenzen neu auf.
advice-SVC-11 = Der Dienst fand kein brauchbares Gesicht: Nehmen Sie das Gesicht noch einmal auf.
advice-SVC-12 = Der Dienst hat abgelehnt: Lassen Sie einen Menschen entscheiden; die Prüfungen des Dienstes sind aufgeführt.
advice-SVC-13 = Der Dienst kennt diesen Eintrag nicht: Prüfen Sie die Kennung; vielleicht kam die Person dort nie an.
advice-SVC-14 = Der Dienst hat den Eintrag schon: Es ist nichts zu tun.
advice-SVC-15 = Alle Versuche beim Dienst sind verbraucht: Beginnen Sie dort eine neue Registrierung.
advice-SVC-16 = Der Antrag ist beim Dienst geschlossen: Beginnen Sie dort einen neuen.
advice-SVC-17 = Das bietet der Dienst nicht an: `visavis remote list` zeigt, was jeder kann.
advice-SVC-18 = Eine Einstellung des Dienstes fehlt: Ergänzen Sie seinen Abschnitt der Konfiguration; `visavis config check` sagt mehr.
advice-SVC-20 = Das Geheimnis des Dienstes fehlt: Prüfen Sie den Schlüsselspeicher mit `visavis doctor` und den Namen des Geheimnisses.
advice-SVC-21 = Dem Eintrag fehlt das Bild des Ausweises: Ergänzen Sie es mit `visavis record document`, dann `visavis sync retry`; oder nehmen Sie mit dem Ausweis auf.
advice-SVC-30 = Eine Anfrage läuft: Warten Sie ihr Ende ab, oder brechen Sie sie ab.
advice-SVC-31 = Starten Sie das Programm neu.
advice-SYN-01 = Ein anderes Programm liefert schon: Lassen Sie es fertig werden, oder schließen Sie es; die Einträge warten sicher.
advice-SYN-02 = Prüfen Sie, ob der Datenordner geschrieben werden kann, dann beginnen Sie noch einmal.
advice-SYN-03 = Diese Lieferung gibt es nicht mehr: Laden Sie die Liste neu.
advice-SYN-04 = Finden Sie beim Dienst heraus, ob es ankam, dann entscheiden Sie: angekommen oder nicht angekommen.
advice-SYN-05 = Das geht mit dieser Lieferung nicht: Sehen Sie in ihrem Verlauf nach.
advice-SYN-06 = Nehmen Sie den Dienst in die Konfiguration auf; Übungseinträge brauchen einen dafür bestimmten.
advice-SYN-07 = Starten Sie das Programm neu; was ansteht, ist sicher.
advice-SYN-10 = Verbinden Sie dieses Gerät, oder tragen Sie die Einträge als Pakete; erfasst wird wieder, wenn weniger warten.
advice-SYN-11 = Prüfen Sie das Netz und das Datum dieses Geräts, oder tragen Sie die Einträge als Pakete.
advice-SYN-12 = Schaffen Sie Platz, bevor noch jemand erfasst wird.
advice-SYN-13 = Erneuern Sie die Zugangsdaten des Dienstes.
advice-SYN-30 = Das geht nur am Schalter.
advice-SYN-31 = Warten Sie, bis es zu Ende ist, oder brechen Sie es ab.
advice-SYN-32 = Nennen Sie den Schlüssel des anderen Geräts, oder setzen Sie ihn in der Konfiguration.
advice-SYS-01 = Das Prüfprotokoll kann nicht geschrieben werden: Prüfen Sie den Datenordner, und ob der Speicher voll ist.
advice-SYS-02 = Prüfen Sie, ob das Prüfprotokoll im Datenordner gelesen werden darf.
advice-SYS-03 = Das Prüfprotokoll wurde verändert: Lassen Sie die Datei, wie sie ist, und melden Sie es.
advice-SYS-18 = Schließen Sie andere Programme, dann beginnen Sie noch einmal.
advice-SYS-19 = Die Aufnahme des Ausweises brach ab: Starten Sie das Programm neu; ein Supportpaket sagt, was geschah.
advice-SYS-23 = Hier ist kein Bildschirm: Starten Sie das Programm in einer Anmeldung mit Bildschirm, oder nehmen Sie die Befehle der Kommandozeile.
