"""Telephone exchanges and call statistics."""

# Each sender is a block of few lines.
# fmt: off

import csv

from tests.evaluation.figures.mapping.foreign_exports.senders import sender
from tests.evaluation.figures.mapping.foreign_exports.worlds import months, quarters
from tests.evaluation.figures.mapping.foreign_exports.writing import As

EN = As()
DE = As(enc="cp1252", sep=";", decimal=",", dates="%d.%m.%Y")
UTF8BOM = As(enc="utf-8-sig", sep=";", decimal=",", dates="%d.%m.%Y")
U16 = As(enc="utf-16", sep="\t")
X = As(kind="xlsx")
H = As(kind="html")

# --- call lists -----------------------------------------------------------------------------------
sender("asterisk-cdr", "en", "IE", "calls", As(quote=csv.QUOTE_ALL, eol="\n", dates="%Y-%m-%d %H:%M:%S"), 60, name="Master.csv {p}",
       periods=["2025-10"],
       words={"answered": "ANSWERED", "short": "NO ANSWER", "late": "NO ANSWER", "inbound": "from-trunk", "queue": "116000"},
       cols=[("calldate", "at"), ("clid", "=\"anonymous\""), ("src", "from"), ("dst", "queue"), ("dcontext", "=ext-queues"),
             ("channel", "=SIP/trunk"), ("lastapp", "=Queue"), ("duration", "duration"), ("billsec", "talk"), ("disposition", "result"), ("amaflags", "=3"), ("uniqueid", "id")],
       then=({"periods": ["2025-11"]}, {"periods": ["2025-12"], "order": [0, 3, 7, 8, 9, 11]}))
sender("freepbx-cdr-nofrom", "en", "MT", "calls", As(eol="\n", dates="%Y-%m-%d %H:%M:%S"), 40, periods=["2025-09"],
       words={"answered": "ANSWERED", "short": "NO ANSWER", "late": "NO ANSWER", "queue": "116000", "inbound": "Inbound", "outbound": "Outbound", "othernumber": "116111", "test": "test"},
       cols=[("Call Date", "at"), ("Destination", "queue"), ("Direction", "in"), ("Disposition", "result"), ("Duration", "duration"), ("Billable seconds", "talk")],
       then=({"periods": ["2025-10"]},))
sender("aircall-list", "en", "NL", "calls", As(dates="%Y-%m-%dT%H:%M:%S"), 50, periods=["2026-01"],
       words={"answered": "answered", "short": "abandoned_in_ivr", "late": "no_available_agent", "queue": "Hulplijn", "inbound": "inbound"},
       cols=[("line", "queue"), ("date (TZ offset incl.)", "date"), ("number timezone", "=Europe/Amsterdam"), ("datetime (UTC)", "at"), ("direction", "in"),
             ("answered", "result"), ("missed_call_reason", "=" ), ("duration (total)", "duration"), ("duration (in call)", "talk"), ("waiting time", "wait")],
       then=({"periods": ["2026-02"]}, {"periods": ["2026-03"], "rename": {"waiting time": "Waiting Time (s)"}}))
sender("3cx-calllog-pl", "pl", "PL", "calls", As(enc="utf-8-sig", sep=",", dates="%d.%m.%Y %H:%M:%S"), 40, periods=["2025-05"],
       words={"answered": "Odebrane", "short": "Nieodebrane", "late": "Nieodebrane", "queue": "116000 (Kolejka)"},
       cols=[("Czas połączenia", "at"), ("Dzwoniący", "from"), ("Miejsce docelowe", "queue"), ("Stan", "result"), ("Dzwonienie", "wait@hhmmss"), ("Rozmowa", "talk@hhmmss")],
       foot=[[], ["Razem", None, None, None, "01:02:03", "12:11:10"]],
       then=({"periods": ["2025-06"]},))
sender("twilio-log", "en", "CY", "calls", As(dates="%Y-%m-%d %H:%M:%S"), 30, periods=["2025-03"],
       words={"answered": "completed", "short": "no-answer", "late": "no-answer", "queue": "+357116000", "inbound": "inbound", "outbound": "outbound-api"},
       cols=[("Call Sid", "id"), ("From", "from"), ("To", "queue"), ("Start Time", "at"), ("Duration", "talk"), ("Direction", "in"), ("Status", "result"), ("Price", "=-0.0085"), ("PriceUnit", "=USD")],
       then=({"periods": ["2025-04"], "how": As(kind="json", dates="%Y-%m-%d %H:%M:%S")},))
sender("zendesk-talk-list", "fr", "FR", "calls", As(enc="utf-8", sep=",", dates="%d/%m/%Y %H:%M"), 45, periods=["2025-11"],
       words={"answered": "Terminé", "short": "Abandonné dans le menu", "late": "Abandonné dans la file d'attente", "queue": "116 000 Enfants disparus", "inbound": "Entrant"},
       cols=[("Date/heure", "at"), ("Direction", "in"), ("Ligne", "queue"), ("État de l'appel", "result"), ("Temps d'attente (s)", "wait"), ("Temps de conversation (s)", "talk")],
       then=({"periods": ["2025-12"]}, {"periods": ["2026-01"], "order": [3, 0, 1, 2, 5, 4]}))
sender("avaya-cdr-legs", "en", "GB", "calls", As(dates="%d/%m/%Y %H:%M"), 40, periods=["2025-07"], legs=6,
       words={"answered": "Connected", "short": "Abandoned <10s", "late": "Abandoned", "queue": "116000"},
       cols=[("Call ID", "id"), ("Start", "at"), ("DNIS", "queue"), ("Agent", "agent"), ("Disposition", "result"), ("Queue time", "wait@mmss"), ("Talk time", "talk@hms")],
       then=({"periods": ["2025-08"]},))

# --- aggregates, months down ----------------------------------------------------------------------
sender("genesys-queue", "en", "BE", "down", EN, 300, period=("Interval", "%Y-%m"), periods=months("2025-01", "2025-06"),
       pre=[["Queue Performance Summary"], ["Queue: 116000 Missing Children"], []],
       cols=[("Offer", "A03"), ("Answer", "A04"), ("Answer %", "pct:A04:A03@pct"), ("Abandon", "x:missed"), ("ABD < 10", "A05"), ("ASA", "A08@mmss"), ("Avg Talk", "A14@mmss"), ("Max Wait", "x:maxwait@mmss"), ("Transfer", "x:transferred")],
       then=({"periods": months("2025-07", "2025-12")}, {"periods": months("2026-01", "2026-03"), "unit": {"A08@mmss": "A08@ms"}, "rename": {"ASA": "ASA (ms)"}}))
sender("cisco-uccx", "en", "DK", "down", X, 200, period=("Month", "date"), periods=months("2025-01", "2025-12"), sheet="CSQ Activity",
       pre=[["Contact Service Queue Activity Report"], ["Report date range: 01/01/2025 - 31/12/2025"]],
       cols=[("Calls Presented", "A03"), ("Calls Handled", "A04"), ("Calls Abandoned", "x:missed"), ("Avg Queue Time", "A08@td"), ("Max Queue Time", "x:maxwait@td"), ("Avg Handle Time", "A14@td"), ("Calls Dequeued", "x:transferred")],
       total="Total", then=({"periods": months("2026-01", "2026-02"), "pre": [["Contact Service Queue Activity Report"], ["Report date range: 01/01/2026 - 28/02/2026"]]},))
sender("avaya-split", "en", "IE", "down", As(enc="cp1252", sep="\t"), 120, period=("Date", "%m/%Y"), periods=months("2025-04", "2025-09"),
       pre=[["Split/Skill Monthly Summary"], ["Skill:", "116000"]],
       cols=[("ACD Calls", "A04"), ("Aban Calls", "x:missed"), ("Avg Speed Ans", "A08"), ("Avg ACD Time", "A14"), ("% Ans Calls", "pct:A04:A03@pctraw"), ("Extn Out Calls", "x:outbound")],
       then=({"periods": months("2025-10", "2025-12")},))
sender("3cx-queue-de", "de", "DE", "down", DE, 150, period=("Monat", "%m.%Y"), periods=months("2025-01", "2025-12"),
       cols=[("Anrufe gesamt", "A03"), ("Angenommene Anrufe", "A04"), ("Nicht angenommen", "x:missed"), ("Durchschn. Wartezeit", "A08@hhmmss"), ("Durchschn. Gesprächszeit", "A14@hhmmss"), ("Gesprächszeit gesamt", "x:talk@hhmmss")],
       total="Summe", then=({"periods": months("2026-01", "2026-03"), "total": "Gesamt"}, {"fix": {("2026-02", "A03"): 7, ("2026-02", "A06"): 7}}))
sender("starface-at", "de-AT", "AT", "down", UTF8BOM, 90, period=("Monat", "{Full} {y}"), periods=months("2025-01", "2025-06"),
       cols=[("Eingehende Anrufe", "A03"), ("davon verbunden", "A04"), ("Aufleger < 10 Sek.", "A05"), ("Aufleger > 10 Sek.", "A06"), ("Ø Wartezeit (Sek.)", "A08"), ("Ø Gesprächsdauer (Min.)", "A14@min1")],
       then=({"periods": months("2025-07", "2025-12"), "order": [1, 0, 2, 3, 5, 4]}, {"periods": months("2026-01", "2026-02"), "unit": {"A14@min1": "A14"}, "rename": {"Ø Gesprächsdauer (Min.)": "Ø Gesprächsdauer (Sek.)"}}))
sender("swisscom", "de-CH", "CH", "down", As(enc="cp1252", sep=";", decimal=".", dates="%d.%m.%Y"), 80, period=("Zeitraum", "{S3} {yy}"), periods=months("2025-01", "2025-12"),
       cols=[("Anzahl Anrufe", "A03"), ("Beantwortet", "A04"), ("Beantwortet innert 20s", "A07"), ("Verloren", "x:missed"), ("Erreichbarkeit", "pct:A04:A03@pct")],
       then=({"periods": months("2026-01", "2026-03")},))
sender("orange-fr", "fr", "FR", "down", As(enc="iso-8859-15", sep=";", decimal=","), 220, period=("Mois", "{full} {y}"), periods=months("2025-01", "2025-12"),
       cols=[("Appels présentés", "A03"), ("Appels décrochés", "A04"), ("Abandons courts (<10s)", "A05"), ("Abandons longs", "A06"), ("Taux de décroché", "pct:A04:A03@pct"), ("DMT (s)", "A14"), ("Attente moyenne (s)", "A08")],
       total="Total", then=({"periods": months("2026-01", "2026-02")}, {"periods": ["2026-03"], "rename": {"Appels présentés": "Appels entrants", "Appels décrochés": "Appels traités"}}))
sender("proximus-nl", "nl", "BE", "down", As(enc="cp1252", sep=";", decimal=","), 210, period=("Maand", "{s3}/{yy}"), periods=months("2025-01", "2025-12"),
       cols=[("Aantal oproepen", "A03"), ("Beantwoorde oproepen", "A04"), ("Gemiste oproepen", "x:missed"), ("Gem. wachttijd", "A08@mmss"), ("Gem. gespreksduur", "A14@mmss")],
       then=({"periods": months("2026-01", "2026-03")},))
sender("telefonica", "es", "ES", "down", As(enc="cp1252", sep=";", decimal=",", dates="%d/%m/%Y"), 180, period=("Mes", "{Full}"), periods=months("2025-01", "2025-12"),
       pre=[["Informe anual de la línea 116000", "Año 2025"], []],
       cols=[("Llamadas recibidas", "A03"), ("Llamadas atendidas", "A04"), ("Llamadas abandonadas", "x:missed"), ("Tiempo medio de espera (seg)", "A08"), ("Tiempo de conversación total", "x:talk@hms")],
       total="TOTAL", then=({"periods": months("2026-01", "2026-03"), "pre": [["Informe de la línea 116000", "Año 2026"], []]},))
sender("altice-pt", "pt-PT", "PT", "down", As(enc="utf-8", sep=";", decimal=","), 140, period=("Mês", "%Y/%m"), periods=months("2025-01", "2025-06"),
       cols=[("Chamadas recebidas", "A03"), ("Chamadas atendidas", "A04"), ("Chamadas perdidas", "x:missed"), ("Tempo médio de espera", "A08@hhmmss"), ("Tempo total em conversação", "x:talk@hhmmss"), ("Chamadas de teste", "x:test")],
       then=({"periods": months("2025-07", "2025-12")}, {"periods": months("2026-01", "2026-03"), "order": [1, 2, 0, 3, 4, 5]}))
sender("tim-it", "it", "IT", "down", As(enc="cp1252", sep=";", decimal=","), 260, period=("Mese", "{S3}-{yy}"), periods=months("2025-01", "2025-12"),
       cols=[("Chiamate entrate", "A03"), ("Chiamate risposte", "A04"), ("Risposte entro 20''", "A07"), ("Abbandonate entro 10''", "A05"), ("Abbandonate oltre 10''", "A06"), ("Tempo chiamate risposte (min)", "x:talk@min")],
       total="Totale", then=({"periods": months("2026-01", "2026-02")},))
sender("o2-cz", "cs", "CZ", "down", As(enc="cp1250", sep=";", decimal=","), 70, period=("Měsíc", "{full} {y}"), periods=months("2025-01", "2025-12"),
       cols=[("Příchozí hovory", "A03"), ("Přijaté hovory", "A04"), ("Zmeškané hovory", "x:missed"), ("Průměrná doba čekání (s)", "A08"), ("Průměrná délka hovoru (min)", "A14@min1")],
       then=({"periods": months("2026-01", "2026-03"), "how": As(enc="utf-8-sig", sep=";", decimal=",")},))
sender("orange-sk", "sk", "SK", "down", As(enc="iso-8859-2", sep=";", decimal=","), 60, period=("Obdobie", "%m/%Y"), periods=months("2025-01", "2025-06"),
       cols=[("Prichádzajúce hovory", "A03"), ("Prijaté hovory", "A04"), ("Neprijaté hovory", "x:missed"), ("Priemerné čakanie (s)", "A08")],
       then=({"periods": months("2025-07", "2025-12")},))
sender("telekom-hu", "hu", "HU", "down", As(enc="cp1250", sep=";", decimal=",", dates="%Y.%m.%d."), 130, period=("Hónap", "{y}. {full}"), periods=months("2025-01", "2025-12"),
       cols=[("Beérkező hívások", "A03"), ("Fogadott hívások", "A04"), ("10 mp-en belül megszakadt", "A05"), ("Elveszett hívások", "A06"), ("Átlagos várakozás (mp)", "A08"), ("Átlagos beszélgetési idő (mp)", "A14")],
       total="Összesen", then=({"periods": months("2026-01", "2026-03")}, {"fix": {("2026-01", "A04"): 3, ("2026-01", "A03"): 3}}))
sender("digi-ro", "ro", "RO", "down", As(enc="iso-8859-2", sep=",", decimal=".", quote=csv.QUOTE_ALL), 160, period=("Luna", "{full} {y}"), periods=months("2025-01", "2025-12"),
       cols=[("Apeluri primite", "A03"), ("Apeluri preluate", "A04"), ("Apeluri pierdute", "x:missed"), ("Timp mediu de asteptare (sec)", "A08")],
       then=({"periods": months("2026-01", "2026-02")},))
sender("vivacom-bg", "bg", "BG", "down", As(enc="cp1251", sep=";", decimal=","), 110, period=("Месец", "{full} {y} г."), periods=months("2025-01", "2025-12"),
       cols=[("Постъпили обаждания", "A03"), ("Приети обаждания", "A04"), ("Пропуснати обаждания", "x:missed"), ("Средно време за изчакване (сек.)", "A08"), ("Средно времетраене (сек.)", "A14")],
       total="Общо", then=({"periods": months("2026-01", "2026-03"), "how": As(enc="utf-16", sep="\t", decimal=",")}, {"periods": ["2026-04"], "order": [1, 0, 2, 3, 4]}))
sender("cosmote-gr", "el", "GR", "down", As(enc="cp1253", sep=";", decimal=","), 240, period=("Μήνας", "{Full} {y}"), periods=months("2025-01", "2025-12"),
       cols=[("Εισερχόμενες κλήσεις", "A03"), ("Απαντημένες κλήσεις", "A04"), ("Αναπάντητες κλήσεις", "x:missed"), ("Μέσος χρόνος αναμονής (δευτ.)", "A08"), ("Συνολικός χρόνος ομιλίας", "x:talk@hms")],
       total="Σύνολο", then=({"periods": months("2026-01", "2026-03")},))
sender("ht-hr", "hr", "HR", "down", As(enc="cp1250", sep=";", decimal=","), 65, period=("Mjesec", "{1}"), periods=months("2025-01", "2025-12"),
       cols=[("Dolazni pozivi", "A03"), ("Odgovoreni pozivi", "A04"), ("Propušteni pozivi", "x:missed"), ("Prosječno čekanje (s)", "A08")],
       then=({"periods": months("2026-01", "2026-03")},))
sender("telekom-si", "sl", "SI", "down", As(enc="cp1250", sep=";", decimal=","), 45, period=("Mesec", "{full} {y}"), periods=months("2025-01", "2025-12"),
       cols=[("Dohodni klici", "A03"), ("Sprejeti klici", "A04"), ("Zgrešeni klici", "x:missed"), ("Povprečni čas čakanja (s)", "A08")],
       then=({"periods": months("2026-01", "2026-03"), "order": [3, 0, 1, 2]},))
sender("mts-rs", "sr", "RS", "down", As(enc="utf-8", sep=";", decimal=","), 95, period=("Месец", "%m.%Y."), periods=months("2025-01", "2025-12"),
       cols=[("Примљени позиви", "A03"), ("Одговорени позиви", "A04"), ("Пропуштени позиви", "x:missed"), ("Просечно чекање (сек)", "A08")],
       then=({"periods": months("2026-01", "2026-02")},))
sender("telia-lt", "lt", "LT", "down", As(enc="cp1257", sep=";", decimal=",", dates="%Y-%m-%d"), 85, period=("Mėnuo", "%Y-%m"), periods=months("2025-01", "2025-12"),
       cols=[("Gauti skambučiai", "A03"), ("Atsiliepti skambučiai", "A04"), ("Praleisti skambučiai", "x:missed"), ("Vidutinis laukimo laikas (sek.)", "A08")],
       then=({"periods": months("2026-01", "2026-03")},))
sender("tet-lv", "lv", "LV", "down", As(enc="cp1257", sep=";", decimal=","), 55, period=("Mēnesis", "%m.%Y"), periods=months("2025-01", "2025-12"),
       cols=[("Saņemtie zvani", "A03"), ("Atbildētie zvani", "A04"), ("Neatbildētie zvani", "x:missed"), ("Vidējais gaidīšanas laiks", "A08@mmss")],
       then=({"periods": months("2026-01", "2026-02")},))
sender("elisa-ee", "et", "EE", "down", As(enc="iso-8859-13", sep=";", decimal=","), 50, period=("Kuu", "{full} {y}"), periods=months("2025-01", "2025-12"),
       cols=[("Sissetulnud kõned", "A03"), ("Vastatud kõned", "A04"), ("Vastamata kõned", "x:missed"), ("Keskmine ooteaeg (s)", "A08")],
       then=({"periods": months("2026-01", "2026-03")}, {"periods": ["2026-04"], "unit": {"A08": "A08@min"}, "rename": {"Keskmine ooteaeg (s)": "Keskmine ooteaeg (min)"}}))
sender("dna-fi", "fi", "FI", "down", As(enc="iso-8859-1", sep=";", decimal=","), 75, period=("Kuukausi", "%m/%Y"), periods=months("2025-01", "2025-12"),
       cols=[("Saapuneet puhelut", "A03"), ("Vastatut puhelut", "A04"), ("Vastaamattomat puhelut", "x:missed"), ("Vastausprosentti", "pct:A04:A03@pctraw"), ("Keskimääräinen jonotusaika (s)", "A08")],
       then=({"periods": months("2026-01", "2026-03")},))
sender("telavox-se", "sv", "SE", "down", As(enc="utf-8-sig", sep=";", decimal=","), 100, period=("Månad", "%Y-%m"), periods=months("2025-01", "2025-12"),
       cols=[("Inkommande samtal", "A03"), ("Besvarade samtal", "A04"), ("Missade samtal", "x:missed"), ("Genomsnittlig väntetid", "A08@mmss"), ("Genomsnittlig samtalstid", "A14@mmss")],
       then=({"periods": months("2026-01", "2026-03")}, {"periods": ["2026-04"], "order": [1, 0, 2, 3, 4]}))
sender("tdc-da", "da", "DK", "down", As(enc="cp1252", sep=";", decimal=","), 115, period=("Måned", "{full} {y}"), periods=months("2025-01", "2025-12"),
       cols=[("Indgående opkald", "A03"), ("Besvarede opkald", "A04"), ("Tabte opkald", "x:missed"), ("Gns. ventetid (sek.)", "A08"), ("Gns. samtaletid (min.)", "A14@min1")],
       then=({"periods": months("2026-01", "2026-03")},))
sender("puzzel-no", "nb", "NO", "down", X, 88, period=("Måned", "date"), periods=months("2025-01", "2025-12"), sheet="Kø",
       cols=[("Innkommende anrop", "A03"), ("Besvarte anrop", "A04"), ("Avbrutt før 10 sek", "A05"), ("Avbrutt etter 10 sek", "A06"), ("Snitt ventetid", "A08@td"), ("Lengste ventetid", "x:maxwait@td")],
       then=({"periods": months("2026-01", "2026-03")},))
sender("siminn-is", "is", "IS", "down", As(enc="iso-8859-1", sep=";", decimal=","), 35, period=("Mánuður", "{full} {y}"), periods=months("2025-01", "2025-12"),
       cols=[("Móttekin símtöl", "A03"), ("Svöruð símtöl", "A04"), ("Ósvöruð símtöl", "x:missed"), ("Meðalbiðtími (sek)", "A08")],
       then=({"periods": months("2026-01", "2026-03")},))
sender("binotel-ua", "uk", "UA", "down", As(enc="cp1251", sep=";", decimal=","), 280, period=("Місяць", "{full} {y}"), periods=months("2025-01", "2025-12"),
       cols=[("Вхідні дзвінки", "A03"), ("Прийняті дзвінки", "A04"), ("Пропущені дзвінки", "x:missed"), ("Середній час очікування, сек", "A08"), ("Середня тривалість розмови", "A14@mmss")],
       total="Разом", then=({"periods": months("2026-01", "2026-03")}, {"fix": {("2026-03", "A03"): 5, ("2026-03", "A05"): 5}}))
sender("turktelekom", "tr", "CY", "down", As(enc="iso-8859-9", sep=";", decimal=","), 40, period=("Ay", "{Full} {y}"), periods=months("2025-01", "2025-12"),
       cols=[("Gelen çağrılar", "A03"), ("Cevaplanan çağrılar", "A04"), ("Kaçan çağrılar", "x:missed"), ("Ort. bekleme süresi (sn)", "A08")],
       then=({"periods": months("2026-01", "2026-02")},))
sender("mk-telekom", "mk", "MK", "down", As(enc="utf-8", sep=";", decimal=","), 30, period=("Месец", "{full} {y}"), periods=months("2025-01", "2025-12"),
       cols=[("Дојдовни повици", "A03"), ("Одговорени повици", "A04"), ("Пропуштени повици", "x:missed")],
       then=({"periods": months("2026-01", "2026-03")},))
sender("al-telekom", "sq", "AL", "down", As(enc="cp1252", sep=";", decimal=","), 33, period=("Muaji", "{full} {y}"), periods=months("2025-01", "2025-12"),
       cols=[("Thirrje të marra", "A03"), ("Thirrje të përgjigjura", "A04"), ("Thirrje të humbura", "x:missed")],
       then=({"periods": months("2026-01", "2026-03")},))
sender("dos-winbox-pl", "pl", "PL", "down", As(enc="cp852", sep=";", decimal=","), 190, period=("Miesiąc", "{full} {y}"), periods=months("2025-01", "2025-12"),
       cols=[("Połączenia przychodzące", "A03"), ("Połączenia odebrane", "A04"), ("Połączenia utracone", "x:missed"), ("Średni czas oczekiwania (s)", "A08")],
       then=({"periods": months("2026-01", "2026-03")},))
sender("dos-de", "de", "DE", "down", As(enc="cp850", sep=";", decimal=","), 55, period=("Monat", "{full} {y}"), periods=months("2025-01", "2025-12"),
       cols=[("Ankommende Anrufe", "A03"), ("Angenommene Gespräche", "A04"), ("Verzichte", "x:missed"), ("Mittlere Wartezeit (s)", "A08")],
       then=({"periods": months("2026-01", "2026-02")},))
sender("mac-fr", "fr", "LU", "down", As(enc="mac-roman", sep=";", decimal=",", eol="\r"), 25, period=("Mois", "{full} {y}"), periods=months("2025-01", "2025-12"),
       cols=[("Appels reçus", "A03"), ("Appels répondus", "A04"), ("Appels abandonnés", "x:missed"), ("Délai d'attente moyen (s)", "A08")],
       then=({"periods": months("2026-01", "2026-03")},))
sender("koi8-bg", "bg", "BG", "down", As(enc="cp866", sep=";", decimal=","), 25, period=("Месец", "%m.%Y"), periods=months("2025-01", "2025-06"),
       cols=[("Входящи обаждания", "A03"), ("Отговорени обаждания", "A04"), ("Неотговорени", "x:missed")],
       then=({"periods": months("2025-07", "2025-12")},))

# --- days, across, html, json, other shapes -------------------------------------------------------
sender("queuemetrics-daily", "en", "IE", "daily", EN, 200, period=("Day", "date"), periods=["2025-06"],
       cols=[("Total calls", "A03"), ("Answered", "A04"), ("Unanswered", "x:missed"), ("Avg wait (s)", "A08")], total="Total",
       then=({"periods": ["2025-07"]}, {"periods": ["2025-08", "2025-09"]}))
sender("placetel-daily", "de", "DE", "daily", DE, 120, period=("Datum", "date"), periods=["2025-10"],
       cols=[("Anrufe", "A03"), ("angenommen", "A04"), ("verpasst", "x:missed"), ("Testanrufe", "x:test")], foot=[[], ["erstellt mit Placetel, alle Angaben ohne Gewähr"]],
       then=({"periods": ["2025-11"]},))
sender("ringcentral-xlsx", "en", "GB", "across", X, 150, period=("KPI", "{Short} {y}"), periods=months("2025-01", "2025-06"), sheet="Performance",
       pre=[["RingCentral Analytics – Queue 116000"], []], total="Total",
       cols=[("# Inbound calls", "A03"), ("# Answered", "A04"), ("# Abandoned", "x:missed"), ("Avg. speed of answer (sec)", "A08"), ("Service level", "pct:A07:A04@pct")],
       then=({"periods": months("2025-07", "2025-12")}, {"periods": months("2026-01", "2026-03")}))
sender("five9-html", "en", "GB", "down", H, 140, period=("MONTH", "{Short} {y}"), periods=months("2025-01", "2025-12"),
       cols=[("CALLS count", "A03"), ("ANSWERED count", "A04"), ("ABANDONED count", "x:missed"), ("Average SPEED OF ANSWER", "A08@hhmmss"), ("Average TALK TIME", "A14@hhmmss")],
       then=({"periods": months("2026-01", "2026-03")},))
sender("alcatel-html-it", "it", "IT", "down", As(kind="html", enc="iso-8859-1", decimal=","), 170, period=("Mese", "{Full} {y}"), periods=months("2025-01", "2025-12"),
       cols=[("Chiamate ricevute", "A03"), ("Chiamate evase", "A04"), ("Chiamate abbandonate", "x:missed"), ("Attesa media (sec)", "A08"), ("Durata media (sec)", "A14")], total="Totale",
       then=({"periods": months("2026-01", "2026-02")},))
sender("wildix-json", "en", "EE", "down", As(kind="json"), 60, period=("month", "%Y-%m"), periods=months("2025-01", "2025-12"),
       cols=[("total_calls", "A03"), ("answered_calls", "A04"), ("missed_calls", "x:missed"), ("avg_wait_sec", "A08")], then=({"periods": months("2026-01", "2026-03")},))
sender("mitel-quarter", "en", "IE", "down", EN, 130, period=("Quarter", "Q{q} {y}"), periods=quarters(2025),
       cols=[("Calls offered", "A03"), ("Calls answered", "A04"), ("Calls abandoned", "x:missed"), ("Average wait (seconds)", "A08")], total="Year",
       then=({"periods": quarters(2026, 1), "total": None},))
sender("yeastar-quarter-es", "es", "ES", "across", As(kind="xlsx"), 210, period=("Indicador", "{roman} trimestre {y}"), periods=quarters(2025), total="Total 2025",
       cols=[("Llamadas entrantes", "A03"), ("Llamadas contestadas", "A04"), ("Llamadas no contestadas", "x:missed"), ("Espera media (s)", "A08")], then=({"periods": quarters(2026, 1), "total": None},))
sender("thousand-at", "de-AT", "AT", "down", DE, 4000, period=("Monat", "%m/%Y"), periods=months("2025-01", "2025-12"),
       pre=[["Telefonstatistik 116 000 – Angaben in Tausend"]],
       cols=[("Anrufe eingegangen", "A03@k"), ("Anrufe angenommen", "A04@k"), ("Nicht erreicht", "x:missed@k")], then=({"periods": months("2026-01", "2026-02")},))
sender("cumul-nl", "nl", "NL", "down", X, 160, period=("Maand", "{full} {y}"), periods=months("2025-01", "2025-12"), pre=[["Oproepen 116000 cumulatief sinds 1 januari"]],
       cols=[("Inkomende oproepen", "cum:A03"), ("Beantwoorde oproepen", "cum:A04"), ("Gemiste oproepen", "cum:x:missed")], knows={"cumulative": True},
       then=({"periods": months("2026-01", "2026-03")},))
sender("cumul-silent-es", "es", "ES", "down", UTF8BOM, 160, period=("Mes", "%m/%Y"), periods=months("2025-01", "2025-12"),
       cols=[("Llamadas recibidas", "cum:A03"), ("Llamadas atendidas", "cum:A04")], knows={"cumulative": True}, then=({"periods": months("2026-01", "2026-03")},))
sender("slip-xlsx", "en", "MT", "down", X, 60, period=("Month", "{Full} {y}"), periods=months("2025-01", "2025-12"),
       cols=[("Calls received", "A03"), ("Calls answered", "A04"), ("Average waiting time", "A08@slip")], then=({"periods": months("2026-01", "2026-03")},))
sender("slip-pl", "pl", "PL", "down", X, 60, period=("Miesiąc", "%Y-%m"), periods=months("2025-01", "2025-12"),
       cols=[("Liczba połączeń", "A03"), ("Odebrane", "A04"), ("Śr. czas oczekiwania", "A08@slip"), ("Śr. czas rozmowy", "A14@slip")], then=({"periods": months("2026-01", "2026-03")},))
sender("averages-only", "en", "GB", "down", EN, 310, period=("Month", "%b %Y"), periods=months("2025-01", "2025-06"),
       cols=[("Calls per day (avg)", "avg:A03"), ("Answered per day (avg)", "avg:A04"), ("Average wait, s", "A08")], then=({"periods": months("2025-07", "2025-12")},))
sender("percent-only-de", "de", "DE", "down", DE, 310, period=("Monat", "%m.%Y"), periods=months("2025-01", "2025-06"),
       cols=[("Anrufe", "A03"), ("Angenommen", "pct:A04:A03@pctraw"), ("Verloren", "pct:x:missed:A03@pctraw")], then=({"periods": months("2025-07", "2025-12")},))
sender("prevcol-fr", "fr", "BE", "down", As(kind="xlsx"), 140, period=("Mois", "{Full} {y}"), periods=months("2025-07", "2025-12"),
       cols=[("Appels reçus mois précédent", "prev:A03"), ("Appels reçus", "A03"), ("Appels traités mois précédent", "prev:A04"), ("Appels traités", "A04"), ("Évolution", "pct:A03:prev:A03")] [:4],
       then=({"periods": months("2026-01", "2026-03")},))
sender("prevyear-it", "it", "IT", "down", As(kind="xlsx"), 140, period=("Mese", "{Full}"), periods=months("2025-01", "2025-12"), pre=[["Confronto 2025 / 2024"]],
       cols=[("Chiamate 2025", "A03"), ("Chiamate 2024", "py:A03"), ("Risposte 2025", "A04"), ("Risposte 2024", "py:A04")], then=({"periods": months("2026-01", "2026-03"), "rename": {"Chiamate 2025": "Chiamate 2026", "Chiamate 2024": "Chiamate 2025", "Risposte 2025": "Risposte 2026", "Risposte 2024": "Risposte 2025"}, "pre": [["Confronto 2026 / 2025"]]},))
sender("two-numbers-de", "de", "AT", "down", DE, 90, period=("Monat", "%m.%Y"), periods=months("2025-01", "2025-12"),
       cols=[("116000 Anrufe", "A03"), ("116000 angenommen", "A04"), ("116111 Anrufe", "x:outbound"), ("116111 angenommen", "x:info"), ("147 Anrufe", "x:callers")],
       then=({"periods": months("2026-01", "2026-03"), "order": [2, 3, 0, 1, 4]},))
sender("numbers-as-rows", "en", "LT", "long", EN, 90, head=["Month", "Number", "Metric", "Value"], period=("Month", "%Y-%m"), periods=months("2025-01", "2025-06"),
       cols=[("116000|Calls received", "A03"), ("116000|Calls answered", "A04"), ("116111|Calls received", "x:callers"), ("116111|Calls answered", "x:info")],
       then=({"periods": months("2025-07", "2025-12")},))
sender("asternic-utf16", "es", "ES", "down", As(enc="utf-16", sep="\t", decimal=","), 75, period=("Mes", "%m-%Y"), periods=months("2025-01", "2025-12"),
       cols=[("Llamadas atendidas", "A04"), ("Llamadas no atendidas", "x:missed"), ("Espera prom.", "A08@word"), ("Duración prom.", "A14@mwords")], then=({"periods": months("2026-01", "2026-03")},))
sender("text-numbers-ro", "ro", "RO", "down", As(kind="xlsx"), 1800, period=("Luna", "%m.%Y"), periods=months("2025-01", "2025-12"),
       cols=[("Apeluri primite", "A03@dot"), ("Apeluri răspunse", "A04@dot"), ("Apeluri abandonate", "x:missed@text"), ("Timp mediu așteptare (s)", "A08@text")], then=({"periods": months("2026-01", "2026-03")},))
sender("comma-thousands", "en", "GB", "down", EN, 2100, period=("Month", "%b-%y"), periods=months("2025-01", "2025-12"),
       cols=[("Calls received", "A03@comma"), ("Answered by an operator", "A04@comma"), ("Hung up within 10 sec", "A05"), ("Lost calls", "A06@comma"), ("Average wait", "A08@unit")] [:4],
       total="Total", then=({"periods": months("2026-01", "2026-02")},))
sender("apos-ch", "fr-CH", "CH", "down", As(kind="csv", enc="utf-8", sep=";"), 1600, period=("Mois", "%m.%Y"), periods=months("2025-01", "2025-12"),
       cols=[("Appels entrants", "A03@apos"), ("Appels pris", "A04@apos"), ("Appels perdus", "x:missed")], then=({"periods": months("2026-01", "2026-03")},))
sender("nbsp-fr", "fr", "FR", "down", As(enc="utf-8", sep=";", decimal=","), 2500, period=("Période", "%m/%Y"), periods=months("2025-01", "2025-12"),
       cols=[("Nombre d'appels", "A03@space"), ("Appels aboutis", "A04@space"), ("Appels non aboutis", "x:missed")], then=({"periods": months("2026-01", "2026-03")},))
sender("sep-line", "pl", "PL", "down", As(enc="cp1250", sep=";", decimal=",", first="sep=;\r\n"), 150, period=("Okres", "%Y-%m"), periods=months("2025-01", "2025-12"),
       cols=[("Połączenia ogółem", "A03"), ("Połączenia odebrane", "A04"), ("Porzucone do 10 s", "A05"), ("Porzucone powyżej 10 s", "A06")], then=({"periods": months("2026-01", "2026-03")},))
sender("missing-month", "en", "IE", "down", EN, 90, period=("Month", "%Y-%m"), periods=["2025-01", "2025-02", "2025-04", "2025-05"],
       cols=[("Received", "A03"), ("Answered", "A04"), ("Abandoned", "x:missed")], after={1: [["2025-03", "n/a", "n/a", "n/a"]]}, then=({"periods": months("2025-06", "2025-08"), "after": {}},))
sender("us-dates", "en", "GB", "down", EN, 90, period=("Period", "%m/%d/%Y"), periods=months("2025-01", "2025-12"),
       cols=[("Calls received", "A03"), ("Calls answered", "A04"), ("Missed", "x:missed")], then=({"periods": months("2026-01", "2026-03")}, {"period": ("Period", "%d/%m/%Y"), "periods": months("2026-02", "2026-04")}))
sender("offered-renamed", "en", "LU", "down", EN, 90, period=("Month", "%Y-%m"), periods=months("2025-01", "2025-06"),
       cols=[("Calls", "A03"), ("Answered", "A04"), ("Lost", "x:missed")],
       then=({"periods": months("2025-07", "2025-12"), "cols": [("Calls", "A04"), ("Offered", "A03"), ("Lost", "x:missed")]},))
