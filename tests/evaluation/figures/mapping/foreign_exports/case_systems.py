"""Case systems: lists of cases, lists of contacts, summaries."""

# Each sender is a block of few lines.
# fmt: off

import csv

from tests.evaluation.figures.mapping.foreign_exports.senders import sender
from tests.evaluation.figures.mapping.foreign_exports.worlds import AGES, CHANNELS, months, quarters
from tests.evaluation.figures.mapping.foreign_exports.writing import As

EN = As()
DE = As(enc="cp1252", sep=";", decimal=",", dates="%d.%m.%Y")
X = As(kind="xlsx")
H = As(kind="html")

def words(line, **more):
    """The nine categories in a sender's words, in the order of the code list."""
    codes = ("runaway", "pushed_away", "parental_abduction", "migration", "criminal_abduction", "lost_injured", "otherwise_missing", "other", "unknown")
    return dict(zip(codes, line.split("|"), strict=True)) | more

EN_CAT = words("Runaway|Thrown out|Parental abduction|Unaccompanied migrant child|Abduction by third party|Lost or injured|Otherwise missing|Other|Unknown")
DE_CAT = words("Ausreißer|Rausgeworfen|Elterliche Entführung|Minderjähriger Flüchtling|Entführung durch Dritte|Verirrt oder verletzt|Sonstiger Vermisstenfall|Sonstiges|Unbekannt", yes="ja", no="nein", girl="weiblich", boy="männlich", closed="abgeschlossen", open="offen")
FR_CAT = words("Fugue|Mise à la porte|Enlèvement parental|Mineur non accompagné|Enlèvement par un tiers|Perdu ou blessé|Autre disparition|Autre|Inconnu", yes="Oui", no="Non", girl="Fille", boy="Garçon", closed="Clôturé", open="En cours")
NL_CAT = words("Weggelopen|Weggestuurd|Ouderontvoering|Alleenstaande minderjarige vreemdeling|Ontvoering door derden|Verdwaald of gewond|Overige vermissing|Overig|Onbekend", yes="Ja", no="Nee", girl="Meisje", boy="Jongen", closed="Afgesloten", open="Open")
ES_CAT = words("Fuga|Expulsado del hogar|Sustracción parental|Menor migrante no acompañado|Secuestro por terceros|Perdido o herido|Otra desaparición|Otro|Desconocido", yes="Sí", no="No", girl="Niña", boy="Niño", closed="Cerrado", open="Abierto")
IT_CAT = words("Fuga|Allontanato da casa|Sottrazione genitoriale|Minore straniero non accompagnato|Rapimento da terzi|Smarrito o ferito|Altra scomparsa|Altro|Non noto", yes="Sì", no="No", girl="F", boy="M", closed="Chiuso", open="Aperto")
PT_CAT = words("Fuga|Expulso de casa|Rapto parental|Menor migrante não acompanhado|Rapto por terceiros|Perdido ou ferido|Outro desaparecimento|Outro|Desconhecido", yes="Sim", no="Não", girl="Feminino", boy="Masculino", closed="Fechado", open="Aberto")
PL_CAT = words("Ucieczka|Wyrzucenie z domu|Uprowadzenie rodzicielskie|Małoletni cudzoziemiec|Uprowadzenie przez osobę trzecią|Zagubienie lub wypadek|Inne zaginięcie|Inne|Nieznane", yes="Tak", no="Nie", girl="dziewczynka", boy="chłopiec", closed="Zamknięta", open="Otwarta")
CS_CAT = words("Útěk|Vyhození z domova|Rodičovský únos|Dítě v migraci|Únos cizí osobou|Ztracené nebo zraněné|Jinak pohřešované|Jiné|Neznámé", yes="ano", no="ne", girl="dívka", boy="chlapec", closed="uzavřeno", open="otevřeno")
SK_CAT = words("Útek|Vyhodenie z domu|Rodičovský únos|Dieťa v migrácii|Únos treťou osobou|Stratené alebo zranené|Inak nezvestné|Iné|Neznáme", yes="áno", no="nie")
HU_CAT = words("Szökés|Kitették otthonról|Szülői jogellenes elvitel|Migráns gyermek|Idegen általi elrablás|Elveszett vagy sérült|Egyéb eltűnés|Egyéb|Ismeretlen", yes="igen", no="nem", girl="lány", boy="fiú", closed="lezárt", open="nyitott")
RO_CAT = words("Fugă de acasă|Alungat de acasă|Răpire parentală|Copil migrant|Răpire de către terți|Pierdut sau rănit|Altă dispariție|Altele|Necunoscut", yes="Da", no="Nu", girl="Fată", boy="Băiat", closed="Închis", open="Deschis")
BG_CAT = words("Бягство|Изгонено от дома|Родителско отвличане|Дете мигрант|Отвличане от трето лице|Изгубено или пострадало|Друго изчезване|Друго|Неизвестно", yes="да", no="не", girl="момиче", boy="момче", closed="приключен", open="отворен")
EL_CAT = words("Φυγή|Διωγμένο από το σπίτι|Γονική αρπαγή|Ασυνόδευτο ανήλικο|Αρπαγή από τρίτο|Χαμένο ή τραυματισμένο|Άλλη εξαφάνιση|Άλλο|Άγνωστο", yes="Ναι", no="Όχι", girl="Κορίτσι", boy="Αγόρι", closed="Κλειστή", open="Ανοιχτή")
HR_CAT = words("Bijeg|Izbačeno iz doma|Roditeljska otmica|Dijete migrant|Otmica od treće osobe|Izgubljeno ili ozlijeđeno|Ostali nestanak|Ostalo|Nepoznato", yes="da", no="ne", girl="Ž", boy="M")
SL_CAT = words("Pobeg|Izgnan od doma|Starševska ugrabitev|Otrok migrant|Ugrabitev s strani tretje osebe|Izgubljen ali poškodovan|Drugače pogrešan|Drugo|Neznano", yes="da", no="ne")
SR_CAT = words("Бекство|Избачено из куће|Родитељска отмица|Дете мигрант|Отмица од трећег лица|Изгубљено или повређено|Остали нестанак|Остало|Непознато", yes="да", no="не")
LT_CAT = words("Pabėgimas|Išvarytas iš namų|Tėvų pagrobimas|Migrantas vaikas|Trečiojo asmens pagrobimas|Pasiklydęs ar sužeistas|Kitaip dingęs|Kita|Nežinoma", yes="taip", no="ne")
LV_CAT = words("Bēgšana|Izraidīts no mājām|Vecāku nolaupīšana|Migrējošs bērns|Trešās personas nolaupīšana|Nomaldījies vai ievainots|Citādi pazudis|Cits|Nezināms", yes="jā", no="nē")
ET_CAT = words("Põgenemine|Kodust välja aetud|Vanema röövimine|Rändes laps|Kolmanda isiku röövimine|Eksinud või vigastatud|Muul viisil kadunud|Muu|Teadmata", yes="jah", no="ei")
FI_CAT = words("Karkaaminen|Ajettu kotoa|Vanhemman sieppaus|Maahanmuuttajalapsi|Ulkopuolisen sieppaus|Eksynyt tai loukkaantunut|Muu katoaminen|Muu|Tuntematon", yes="Kyllä", no="Ei", girl="Tyttö", boy="Poika")
SV_CAT = words("Rymning|Utkastad|Egenmäktigt bortförande|Ensamkommande barn|Bortförd av utomstående|Vilse eller skadad|Annat försvinnande|Annat|Okänt", yes="Ja", no="Nej", girl="Flicka", boy="Pojke")
DA_CAT = words("Bortløben|Smidt ud|Forældrebortførelse|Uledsaget flygtningebarn|Bortført af fremmed|Faret vild eller kommet til skade|Anden forsvinden|Andet|Ukendt", yes="Ja", no="Nej", girl="Pige", boy="Dreng")
NB_CAT = words("Rømming|Kastet ut|Foreldrebortføring|Enslig mindreårig|Bortført av fremmed|Forsvunnet eller skadet|Annen forsvinning|Annet|Ukjent", yes="Ja", no="Nei")
UK_CAT = words("Втеча з дому|Вигнання з дому|Викрадення одним з батьків|Дитина-мігрант|Викрадення сторонньою особою|Загубилася або травмована|Інше зникнення|Інше|Невідомо", yes="так", no="ні", girl="дівчинка", boy="хлопчик")
TR_CAT = words("Evden kaçma|Evden atılma|Ebeveyn kaçırması|Göçmen çocuk|Üçüncü kişi kaçırması|Kaybolan veya yaralanan|Diğer kayıp|Diğer|Bilinmiyor", yes="Evet", no="Hayır")
SQ_CAT = words("Ikje nga shtëpia|Dëbuar nga shtëpia|Rrëmbim prindëror|Fëmijë migrant|Rrëmbim nga palë e tretë|I humbur ose i lënduar|Zhdukje tjetër|Tjetër|E panjohur", yes="Po", no="Jo")
MK_CAT = words("Бегство|Избркано од дома|Родителско грабнување|Дете мигрант|Грабнување од трето лице|Изгубено или повредено|Друго исчезнување|Друго|Непознато", yes="да", no="не")
CA_CAT = words("Fugida|Expulsat de casa|Sostracció parental|Menor migrant no acompanyat|Segrest per tercers|Perdut o ferit|Altra desaparició|Altres|Desconegut", yes="Sí", no="No")

# --- case lists --------------------------------------------------------------------------------
sender("salesforce-cases", "en", "GB", "caselist", As(quote=csv.QUOTE_ALL), 90, name="report-{p}", periods=months("2025-10", "2025-12"), words=EN_CAT | {"closed": "Closed", "open": "New"},
       cols=[("Case Number", "no"), ("Date/Time Opened", "opened"), ("Status", "status"), ("Case Type", "category"), ("Number of Children", "children"), ("Cross-border", "border")],
       foot=[[], ["Missing Children Cases"], ["Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."], ["Confidential Information - Do Not Distribute"], ["Generated By: Duty Manager  02/01/2026 09:14"]],
       then=({"periods": months("2026-01", "2026-01")}, {"periods": ["2026-02"], "order": [0, 3, 1, 2, 4, 5]}))
sender("dynamics-cases", "en", "IE", "caselist", X, 80, periods=["2025-11"], words=EN_CAT,
       cols=[("(Do Not Modify) Case", "no"), ("Created On", "opened"), ("Case Category", "category"), ("Child Count", "children"), ("Status Reason", "status")], then=({"periods": ["2025-12"]}, {"periods": ["2026-01"], "rename": {"Case Category": "Subject"}}))
sender("civicrm-cases", "en", "BE", "caselist", EN, 60, periods=["2025-12"], words=EN_CAT, cols=[("Case ID", "n"), ("Case Type", "=Missing child"), ("Case Subtype", "category"), ("Start Date", "opened"), ("End Date", "closed"), ("Case Status", "status")], then=({"periods": ["2026-01"]},))
sender("icarol-calls", "en", "GB", "contacts", EN, 70, periods=["2025-11"], words={c: c.replace("_", " ").title() for c in CHANNELS} | {"phone_116000": "Phone 116000", "phone_other": "Phone other line", "relevant": "Missing child", "other_topic": "Other", "own": "English", "en": "English", "ar": "Arabic", "uk": "Ukrainian", "other": "Other"},
       cols=[("CallReportNum", "no"), ("CallDateAndTimeStart", "datetime"), ("Contact Method", "channel"), ("Caller Type", "role"), ("Topic", "topic")], then=({"periods": ["2025-12"]},))
sender("zoho-de", "de", "DE", "caselist", DE, 85, periods=["2025-10", "2025-11", "2025-12"], words=DE_CAT, cols=[("Fallnummer", "no"), ("Eröffnet am", "opened"), ("Fallart", "category"), ("Anzahl Kinder", "children"), ("Grenzüberschreitend", "border"), ("Status", "status")],
       then=({"periods": ["2026-01"]}, {"periods": ["2026-02"], "order": [2, 0, 1, 3, 4, 5]}))
sender("airtable-nl", "nl", "NL", "caselist", As(dates="%d/%m/%Y"), 75, periods=["2025-12"], words=NL_CAT, cols=[("Dossier", "no"), ("Datum melding", "opened"), ("Soort vermissing", "category"), ("Aantal kinderen", "children"), ("Internationaal", "border")], then=({"periods": ["2026-01"]}, {"periods": ["2026-02"], "how": As(kind="json")}))
sender("notion-fr", "fr", "BE", "caselist", As(dates="%d/%m/%Y"), 90, periods=["2025-12"], words=FR_CAT, cols=[("Dossier", "no"), ("Ouvert le", "opened"), ("Type de disparition", "category"), ("Nb enfants", "children"), ("Transfrontalier", "border"), ("Clôturé le", "closed")], then=({"periods": ["2026-01"]},))
sender("116000-fr", "fr", "FR", "caselist", As(enc="cp1252", sep=";", dates="%d/%m/%Y"), 150, per_child=True, periods=["2025-10"], words=FR_CAT, cols=[("N° dossier", "no"), ("N° enfant", "seq"), ("Date d'ouverture", "opened"), ("Motif", "category"), ("Sexe", "sex"), ("Âge", "age")], then=({"periods": ["2025-11"]}, {"periods": ["2025-12"], "drop": ["N° enfant"]}))
sender("anar-es", "es", "ES", "caselist", As(enc="cp1252", sep=";", dates="%d/%m/%Y"), 140, periods=["2025-11"], words=ES_CAT, cols=[("Nº expediente", "no"), ("Fecha de apertura", "opened"), ("Tipo de caso", "category"), ("Nº de menores", "children"), ("Estado", "status")], then=({"periods": ["2025-12"]},))
sender("telefonoazzurro", "it", "IT", "caselist", X, 130, per_child=True, periods=["2025-09"], words=IT_CAT, cols=[("ID caso", "no"), ("Data apertura", "opened"), ("Tipologia", "category"), ("Sesso", "sex"), ("Età", "age"), ("Stato", "status")], then=({"periods": ["2025-10"]}, {"periods": ["2025-11"], "rename": {"Tipologia": "Tipo di scomparsa"}}))
sender("iac-pt", "pt-PT", "PT", "caselist", As(enc="utf-8-sig", sep=";", dates="%d-%m-%Y"), 60, periods=months("2025-10", "2025-12"), words=PT_CAT, cols=[("Processo", "no"), ("Data de abertura", "opened"), ("Tipologia", "category"), ("N.º de crianças", "children")], then=({"periods": ["2026-01"]},))
sender("itaka-pl", "pl", "PL", "caselist", As(enc="cp1250", sep=";", dates="%d.%m.%Y"), 120, periods=["2025-11"], words=PL_CAT, cols=[("Nr sprawy", "no"), ("Data zgłoszenia", "opened"), ("Rodzaj zaginięcia", "category"), ("Liczba dzieci", "children"), ("Status", "status"), ("Transgraniczna", "border")], then=({"periods": ["2025-12"]}, {"periods": ["2026-01"], "how": X}))
sender("cesta-cz", "cs", "CZ", "caselist", As(enc="cp1250", sep=";", dates="%d.%m.%Y"), 50, periods=["2025-11"], words=CS_CAT, cols=[("Číslo případu", "no"), ("Datum přijetí", "opened"), ("Typ případu", "category"), ("Počet dětí", "children")], then=({"periods": ["2025-12"]},))
sender("linka-sk", "sk", "SK", "caselist", X, 50, periods=["2025-11"], words=SK_CAT, cols=[("Prípad č.", "no"), ("Dátum prijatia", "opened"), ("Druh prípadu", "category"), ("Počet detí", "children")], then=({"periods": ["2025-12"]},))
sender("kek-hu", "hu", "HU", "caselist", As(enc="cp1250", sep=";", dates="%Y.%m.%d."), 70, periods=["2025-11"], words=HU_CAT, cols=[("Ügyszám", "no"), ("Bejelentés dátuma", "opened"), ("Eltűnés típusa", "category"), ("Gyermekek száma", "children"), ("Nem", "sex")], then=({"periods": ["2025-12"]},))
sender("telefonul-ro", "ro", "RO", "caselist", X, 110, periods=["2025-11"], words=RO_CAT, cols=[("Nr. dosar", "no"), ("Data deschiderii", "opened"), ("Tip caz", "category"), ("Număr copii", "children"), ("Stare", "status")], then=({"periods": ["2025-12"]}, {"periods": ["2026-01"], "order": [1, 0, 3, 2, 4]}))
sender("nadja-bg", "bg", "BG", "caselist", As(enc="cp1251", sep=";", dates="%d.%m.%Y"), 80, periods=["2025-11"], words=BG_CAT, cols=[("Случай №", "no"), ("Дата на откриване", "opened"), ("Вид случай", "category"), ("Брой деца", "children"), ("Пол", "sex")], then=({"periods": ["2025-12"]},))
sender("hamogelo-gr", "el", "GR", "caselist", As(enc="cp1253", sep=";", dates="%d/%m/%Y"), 100, periods=["2025-11"], words=EL_CAT, cols=[("Αριθμός υπόθεσης", "no"), ("Ημερομηνία ανοίγματος", "opened"), ("Κατηγορία", "category"), ("Αριθμός παιδιών", "children"), ("Διασυνοριακή", "border")], then=({"periods": ["2025-12"]}, {"periods": ["2026-01"], "how": As(enc="utf-8-sig", sep=",", dates="%d/%m/%Y")}))
sender("csnd-hr", "hr", "HR", "caselist", As(enc="cp1250", sep=";", dates="%d.%m.%Y."), 45, periods=["2025-10", "2025-11"], words=HR_CAT, cols=[("Broj slučaja", "no"), ("Datum otvaranja", "opened"), ("Vrsta slučaja", "category"), ("Broj djece", "children"), ("Spol", "sex")], then=({"periods": ["2025-12"]},))
sender("zpms-si", "sl", "SI", "caselist", X, 40, periods=["2025-10", "2025-11", "2025-12"], words=SL_CAT, cols=[("Št. primera", "no"), ("Datum odprtja", "opened"), ("Vrsta primera", "category"), ("Število otrok", "children")], then=({"periods": ["2026-01"]},))
sender("astra-rs", "sr", "RS", "caselist", As(enc="utf-8-sig", sep=";", dates="%d.%m.%Y."), 70, periods=["2025-12"], words=SR_CAT, cols=[("Број случаја", "no"), ("Датум отварања", "opened"), ("Врста случаја", "category"), ("Број деце", "children"), ("Прекогранични", "border")], then=({"periods": ["2026-01"]},))
sender("dingusieji-lt", "lt", "LT", "caselist", As(enc="cp1257", sep=";", dates="%Y-%m-%d"), 60, periods=["2025-12"], words=LT_CAT, cols=[("Bylos nr.", "no"), ("Atidarymo data", "opened"), ("Dingimo tipas", "category"), ("Vaikų skaičius", "children")], then=({"periods": ["2026-01"]},))
sender("bezvests-lv", "lv", "LV", "caselist", X, 40, periods=["2025-11", "2025-12"], words=LV_CAT, cols=[("Lietas nr.", "no"), ("Atvēršanas datums", "opened"), ("Lietas veids", "category"), ("Bērnu skaits", "children")], then=({"periods": ["2026-01"]},))
sender("kadunud-ee", "et", "EE", "caselist", As(enc="utf-8-sig", sep=";", dates="%d.%m.%Y"), 40, periods=["2025-11", "2025-12"], words=ET_CAT, cols=[("Juhtumi nr", "no"), ("Avamise kuupäev", "opened"), ("Juhtumi liik", "category"), ("Laste arv", "children")], then=({"periods": ["2026-01"]},))
sender("kadonneet-fi", "fi", "FI", "caselist", As(enc="iso-8859-15", sep=";", dates="%d.%m.%Y"), 50, periods=["2025-11"], words=FI_CAT, cols=[("Tapausnumero", "no"), ("Avattu", "opened"), ("Tapauksen tyyppi", "category"), ("Lasten määrä", "children"), ("Sukupuoli", "sex")], then=({"periods": ["2025-12"]},))
sender("missing-se", "sv", "SE", "caselist", X, 55, periods=["2025-11"], words=SV_CAT, cols=[("Ärendenr", "no"), ("Öppnat", "opened"), ("Typ av försvinnande", "category"), ("Antal barn", "children"), ("Gränsöverskridande", "border")], then=({"periods": ["2025-12"]}, {"periods": ["2026-01"], "how": As(enc="cp1252", sep=";")}))
sender("bornsvilkar", "da", "DK", "caselist", As(enc="cp1252", sep=";", dates="%d-%m-%Y"), 65, periods=["2025-11"], words=DA_CAT, cols=[("Sagsnr.", "no"), ("Oprettet", "opened"), ("Sagstype", "category"), ("Antal børn", "children"), ("Køn", "sex")], then=({"periods": ["2025-12"]},))
sender("savnet-no", "nb", "NO", "caselist", X, 40, periods=["2025-11", "2025-12"], words=NB_CAT, cols=[("Saksnr.", "no"), ("Opprettet", "opened"), ("Sakstype", "category"), ("Antall barn", "children")], then=({"periods": ["2026-01"]},))
sender("magnolia-ua", "uk", "UA", "caselist", As(enc="cp1251", sep=";", dates="%d.%m.%Y"), 160, periods=["2025-11"], words=UK_CAT, cols=[("№ справи", "no"), ("Дата відкриття", "opened"), ("Тип зникнення", "category"), ("Кількість дітей", "children"), ("Стать", "sex")], then=({"periods": ["2025-12"]}, {"periods": ["2026-01"], "how": As(enc="utf-8-sig", sep=";", dates="%d.%m.%Y")}))
sender("hope-cy-tr", "tr", "CY", "caselist", X, 30, periods=["2025-10", "2025-11", "2025-12"], words=TR_CAT, cols=[("Dosya No", "no"), ("Açılış tarihi", "opened"), ("Vaka türü", "category"), ("Çocuk sayısı", "children")], then=({"periods": ["2026-01"]},))
sender("alo116-al", "sq", "AL", "caselist", X, 50, periods=["2025-12"], words=SQ_CAT, cols=[("Nr. i rastit", "no"), ("Data e hapjes", "opened"), ("Lloji i rastit", "category"), ("Numri i fëmijëve", "children")], then=({"periods": ["2026-01"]},))
sender("megjashi-mk", "mk", "MK", "caselist", As(enc="utf-8-sig", sep=";", dates="%d.%m.%Y"), 35, periods=["2025-11", "2025-12"], words=MK_CAT, cols=[("Број на случај", "no"), ("Датум на отворање", "opened"), ("Вид случај", "category"), ("Број на деца", "children")], then=({"periods": ["2026-01"]},))
sender("fundacio-ca", "ca", "ES", "caselist", X, 60, periods=["2025-12"], words=CA_CAT, cols=[("Expedient", "no"), ("Data d'obertura", "opened"), ("Tipus de cas", "category"), ("Nombre d'infants", "children")], then=({"periods": ["2026-01"]},))
sender("twice-cases", "en", "GB", "caselist", EN, 70, twice=5, periods=["2025-12"], words=EN_CAT, cols=[("Case ref", "no"), ("Opened", "opened"), ("Category", "category"), ("Children", "children")], then=({"periods": ["2026-01"]},))
sender("hidden-row-cases", "en", "IE", "caselist", X, 70, hidden_rows=[3, 4], periods=["2025-12"], words=EN_CAT, cols=[("Case ref", "no"), ("Date opened", "opened"), ("Category", "category"), ("No. of children", "children")], then=({"periods": ["2026-01"], "hidden_rows": []},))
sender("nochildren-cases", "de", "AT", "caselist", DE, 70, periods=["2025-12"], words=DE_CAT, cols=[("Fall-Nr.", "no"), ("Datum", "opened"), ("Kategorie", "category")], then=({"periods": ["2026-01"]},))
sender("us-dates-cases", "en", "MT", "caselist", As(dates="%m/%d/%Y"), 60, periods=["2025-10", "2025-11", "2025-12"], words=EN_CAT, cols=[("Case", "no"), ("Date opened", "opened"), ("Type", "category"), ("Children", "children")], then=({"periods": ["2026-01"], "how": As(dates="%d/%m/%Y")},))
sender("html-cases-fr", "fr", "LU", "caselist", As(kind="html", enc="iso-8859-1", dates="%d/%m/%Y"), 30, periods=["2025-11", "2025-12"], words=FR_CAT, cols=[("Dossier", "no"), ("Date", "opened"), ("Catégorie", "category"), ("Nombre d'enfants", "children")], then=({"periods": ["2026-01"]},))
sender("ods-cases-es", "es", "ES", "caselist", As(kind="ods"), 40, periods=["2025-12"], words=ES_CAT, cols=[("Caso", "no"), ("Fecha", "opened"), ("Categoría", "category"), ("Menores", "children")], then=({"periods": ["2026-01"]},))

# --- contact lists --------------------------------------------------------------------------------
CH = {
    "de": "Telefon 116000|Telefon andere Nummer|E-Mail|Chat|SMS|Webformular|Soziale Medien|Persönlich",
    "fr": "Téléphone 116000|Autre téléphone|E-mail|Chat|SMS|Formulaire web|Réseaux sociaux|En personne",
    "it": "Telefono 116000|Altro telefono|Email|Chat|SMS|Modulo web|Social media|Di persona",
    "pl": "Telefon 116000|Inny telefon|E-mail|Czat|SMS|Formularz WWW|Media społecznościowe|Osobiście",
    "nl": "Telefoon 116000|Andere telefoon|E-mail|Chat|Sms|Webformulier|Sociale media|Aan de balie",
    "el": "Τηλέφωνο 116000|Άλλο τηλέφωνο|Email|Chat|SMS|Φόρμα ιστού|Κοινωνικά δίκτυα|Διά ζώσης",
    "hu": "Telefon 116000|Egyéb telefon|E-mail|Chat|SMS|Webes űrlap|Közösségi média|Személyesen",
    "sv": "Telefon 116000|Annan telefon|E-post|Chatt|SMS|Webbformulär|Sociala medier|Personligt besök",
}
def channels(lang, **more):
    return dict(zip(CHANNELS, CH[lang].split("|"), strict=True)) | more
sender("zammad-de", "de", "DE", "contacts", DE, 60, periods=["2025-11"], words=channels("de", relevant="Vermisstes Kind", other_topic="Anderes", own="Deutsch", en="Englisch", ar="Arabisch", uk="Ukrainisch", other="Andere"), cols=[("Ticket", "no"), ("Erstellt am", "date"), ("Kanal", "channel"), ("Sprache", "language")], then=({"periods": ["2025-12"]}, {"periods": ["2026-01"], "order": [0, 2, 1, 3]}))
sender("freshdesk-fr", "fr", "FR", "contacts", As(dates="%d/%m/%Y"), 60, periods=["2025-11"], words=channels("fr"), cols=[("N° ticket", "no"), ("Date de contact", "date"), ("Canal", "channel")], then=({"periods": ["2025-12"]},))
sender("contatti-it", "it", "IT", "contacts", X, 70, periods=["2025-11"], words=channels("it", relevant="Sì", other_topic="No"), cols=[("N.", "no"), ("Data", "date"), ("Canale", "channel"), ("Pertinente", "topic")], then=({"periods": ["2025-12"]},))
sender("kontakty-pl", "pl", "PL", "contacts", As(enc="cp1250", sep=";", dates="%d.%m.%Y"), 60, periods=["2025-11"], words=channels("pl"), cols=[("Lp.", "no"), ("Data kontaktu", "date"), ("Kanał", "channel")], then=({"periods": ["2025-12"]},))
sender("contact-nl", "nl", "NL", "contacts", X, 60, periods=["2025-11"], words=channels("nl", own="Nederlands", en="Engels", ar="Arabisch", uk="Oekraïens", other="Anders"), cols=[("Contact", "no"), ("Datum", "date"), ("Kanaal", "channel"), ("Taal", "language")], then=({"periods": ["2025-12"]},))
sender("contact-gr", "el", "GR", "contacts", As(enc="utf-8-sig", sep=";", dates="%d/%m/%Y"), 50, periods=["2025-11"], words=channels("el"), cols=[("Α/Α", "no"), ("Ημερομηνία", "date"), ("Κανάλι", "channel")], then=({"periods": ["2025-12"]},))
sender("contact-hu", "hu", "HU", "contacts", X, 50, periods=["2025-11"], words=channels("hu"), cols=[("Sorszám", "no"), ("Dátum", "date"), ("Csatorna", "channel")], then=({"periods": ["2025-12"]},))
sender("contact-se", "sv", "SE", "contacts", X, 40, periods=["2025-11"], words=channels("sv"), cols=[("Nr", "no"), ("Datum", "date"), ("Kanal", "channel")], then=({"periods": ["2025-12"]},))

# --- summaries of case systems: category down -----------------------------------------------------
def cats(d):
    return {k: v for k, v in d.items() if k in ("runaway", "pushed_away", "parental_abduction", "migration", "criminal_abduction", "lost_injured", "otherwise_missing", "other", "unknown")}
sender("apricot-grid", "en", "GB", "grid", X, 120, by="items", list=cats(EN_CAT), period=("Category", "%B %Y"), periods=["2025-11"], pre=[["Case summary {p}"], []],
       cols=[("Open at start", "A20/*"), ("New cases", "A21/*"), ("Reopened", "A22/*"), ("Closed", "A23/*"), ("Open at end", "A24/*"), ("Children in new cases", "A25/*")], total="Total", then=({"periods": ["2025-12"]}, {"periods": ["2026-01"], "order": [1, 0, 2, 3, 4, 5]}))
sender("grid-fr", "fr", "BE", "grid", As(enc="cp1252", sep=";"), 120, by="items", list=cats(FR_CAT), period=("Catégorie", "{full} {y}"), periods=["2025-11"], pre=[["Bilan {p}"]],
       cols=[("Nouveaux dossiers", "A21/*"), ("Dossiers clôturés", "A23/*"), ("Dossiers en cours fin de mois", "A24/*"), ("Enfants concernés", "A25/*")], total="Total", then=({"periods": ["2025-12"]},))
sender("grid-de-months", "de", "DE", "grid", X, 120, by="period", item="A21/*", list=cats(DE_CAT), period=("Neue Fälle", "{Short} {y}"), periods=months("2025-01", "2025-12"), pre=[["Neue Fälle nach Fallart 2025"]], total="Gesamt", cols=[], then=({"periods": months("2026-01", "2026-03"), "pre": [["Neue Fälle nach Fallart 2026"]]},))
sender("grid-it-months", "it", "IT", "grid", X, 120, by="period", item="A21/*", list=cats(IT_CAT), period=("Tipologia", "{Full}"), periods=months("2025-01", "2025-12"), pre=[["Nuovi casi 2025 per tipologia"]], total="Totale", cols=[], then=({"periods": months("2026-01", "2026-02"), "pre": [["Nuovi casi 2026 per tipologia"]]},))
sender("grid-pl-children", "pl", "PL", "grid", As(enc="cp1250", sep=";"), 120, by="period", item="A25/*", list=cats(PL_CAT), period=("Dzieci wg rodzaju zaginięcia", "%m.%Y"), periods=months("2025-01", "2025-06"), total="Razem", cols=[], then=({"periods": months("2025-07", "2025-12")},))
sender("grid-es-quarter", "es", "ES", "grid", X, 120, by="period", item="A21/*", list=cats(ES_CAT), period=("Casos nuevos", "T{q} {y}"), periods=quarters(2025), total="Total", cols=[], then=({"periods": quarters(2026, 1)},))
sender("grid-years-cz", "cs", "CZ", "grid", As(enc="cp1250", sep=";"), 60, by="period", item="A21/*", list=cats(CS_CAT), period=("Nové případy", "int"), periods=["2023", "2024", "2025"], cols=[], then=({"periods": ["2024", "2025", "2026"]},))
sender("grid-channel-fi", "fi", "FI", "grid", X, 60, by="period", item="A11/*", list=dict(zip(CHANNELS, ["Puhelin 116000", "Muu puhelin", "Sähköposti", "Chat", "Tekstiviesti", "Verkkolomake", "Some", "Käynti"], strict=True)), period=("Yhteydenotot kanavittain", "%m/%Y"), periods=months("2025-01", "2025-12"), total="Yhteensä", cols=[], then=({"periods": months("2026-01", "2026-03")},))
sender("grid-channel-ro", "ro", "RO", "grid", X, 80, by="period", item="A11/*", list=dict(zip(CHANNELS, ["Telefon 116000", "Alt telefon", "E-mail", "Chat", "SMS", "Formular web", "Rețele sociale", "Față în față"], strict=True)), period=("Contacte pe canal", "{full} {y}"), periods=months("2025-01", "2025-06"), total="Total", cols=[], then=({"periods": months("2025-07", "2025-12")},))
sender("ages-down-en", "en", "IE", "grid", EN, 90, by="period", item="x:age/*", list={a: a if a != "unknown" else "Age unknown" for a in AGES}, period=("Age of children", "%b %Y"), periods=months("2025-01", "2025-06"), cols=[], then=({"periods": months("2025-07", "2025-12")},))
# long tables
sender("powerbi-long", "en", "NL", "long", EN, 80, head=["Month", "Measure", "Value"], period=("Month", "%Y-%m"), periods=months("2025-01", "2025-06"), cols=[("Calls received", "A03"), ("Calls answered", "A04"), ("New cases", "A21"), ("Cases closed", "A23")], then=({"periods": months("2025-07", "2025-12")},))
sender("long-cat-fr", "fr", "FR", "long", As(enc="cp1252", sep=";"), 110, head=["Mois", "Catégorie", "Nouveaux dossiers"], period=("Mois", "%m/%Y"), periods=months("2025-01", "2025-06"), cols=[(v, f"A21/{k}") for k, v in cats(FR_CAT).items()], list=cats(FR_CAT), then=({"periods": months("2025-07", "2025-12")},))
sender("long-cat-uk", "uk", "UA", "long", As(enc="cp1251", sep=";"), 110, head=["Місяць", "Категорія", "Нові справи"], period=("Місяць", "%m.%Y"), periods=months("2025-01", "2025-06"), cols=[(v, f"A21/{k}") for k, v in cats(UK_CAT).items()], list=cats(UK_CAT), then=({"periods": months("2025-07", "2025-12")},))
