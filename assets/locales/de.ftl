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
problem-too-long = Bitte kürzer; es ist Platz für 120 Zeichen.
problem-characters = Bitte entfernen Sie die nicht lesbaren Zeichen.
problem-name = Bitte schreiben Sie einen Namen mit Buchstaben.
problem-date-future = Dieser Tag liegt in der Zukunft.
problem-date-past = Dieser Tag liegt zu weit zurück.
problem-number = Bitte nur Buchstaben und Ziffern.
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
attempt-timed-out = Die Zeit war um. Gleich beginnt der nächste Versuch.
attempt-presentation-refused = Das hat nicht geklappt. Bitte schauen Sie selbst in die Kamera, ohne Bildschirm oder Bild.
attempt-not-usable = Das Bild wurde nicht klar genug. Bitte halten Sie still.
attempt-no-answer = Das Bild konnte nicht geprüft werden. Wir versuchen es noch einmal.
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
refused-not-assessed = Das Bild konnte nicht geprüft werden. Hier hilft Ihnen jemand weiter.
refused-files-not-allowed = Bilder aus Dateien werden hier nicht angenommen. Bitte nehmen Sie die Kamera.
refused-step-not-supported = Eine verlangte Prüfung ist hier nicht möglich. Hier hilft Ihnen jemand weiter.
refused-incomplete = Es fehlt etwas, um weiterzumachen. Hier hilft Ihnen jemand weiter.
refused-not-compared = Die Bilder konnten nicht verglichen werden. Hier hilft Ihnen jemand weiter.
refused-not-the-same = Das scheint nicht die registrierte Person zu sein. Es wurde nichts geändert. Hier hilft Ihnen jemand weiter.
refused-no-template = Ihre Registrierung stammt von einer anderen Erkennung. Bitte registrieren Sie sich neu.
refused-cancelled = Beendet. Es wurde nichts gespeichert.

## Trouble
trouble-title = Hier wird Hilfe gebraucht
trouble-recovering = Das behebt sich von selbst. Bitte warten Sie kurz.
trouble-camera = Die Kamera antwortet nicht.
trouble-camera-recovering = Die Kamera kommt gleich wieder.
trouble-gallery = Im Moment kann nichts gespeichert werden.
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
identify-line = Ein Bild wird mit allen verglichen. Ist niemand ähnlich genug, lautet die Antwort: unbekannt.
identify-start = Identifizierung beginnen
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
refused-liveness-needs-camera = Hier wird eine Bewegung vor der Kamera verlangt; eine Bilddatei genügt nicht.

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
document-hold-still = Gut. Halten Sie es still.
document-turn-over = Danke. Drehen Sie es jetzt um.
