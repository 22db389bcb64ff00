"""Stop words of languages in Latin letters, by their codes; English has its own list.

Chosen as those of `store.text.stopwords`: closed-class words alone, folded as the analysis folds them, and what an
article or a pronoun elides before a vowel (l'on, c'è) too.
"""

from store.text.scripts import folded

_ELIDING = {
    "fr": "l d j m t s n c qu jusqu lorsqu puisqu".split(),
    "it": "l d c m t s v n un all dall dell nell sull".split(),
    "ca": "l d m n s t".split(),
}
_VOWELS = "aeiouyhàâáäèéêëìíîïòóôöùúûü"

_WORDS = {
    "de": """
        der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner keines dieser diese
        dieses diesen diesem jener jene jenes jenen jenem jeder jede jedes jeden jedem ich du er sie es wir ihr mich
        dich sich uns euch mir dir ihm ihn ihnen mein meine meinen meinem meiner meines dein deine deinen deinem
        deiner sein seine seinen seinem seiner seines ihre ihren ihrem ihrer ihres unser unsere unseren unserem
        unserer euer eure euren eurem eurer man wer wen wem wessen was welcher welche welches welchen welchem wo
        wohin woher wann warum weshalb wieso wie wofür womit wovon worüber wodurch wozu woran worauf woraus und oder
        aber denn sondern doch dass ob weil wenn als während obwohl damit sodass bis bevor nachdem in im ins an
        am ans auf aus bei beim mit nach von vom zu zum zur für gegen ohne um durch über unter vor hinter neben
        zwischen seit wegen trotz ist sind war waren bin bist seid wäre wären gewesen sei hat haben hatte hatten
        habe hast habt hätte hätten gehabt wird werden wurde wurden würde würden worden kann können konnte konnten
        könnte könnten muss müssen musste mussten soll sollen sollte sollten will wollen wollte wollten darf dürfen
        mag möchte möchten nicht nur auch noch schon so sehr mehr da dann hier dort nun ja nein also eben etwa dabei
        dazu davon daran darauf darüber dadurch dafür daher darum dessen deren denen
        """,
    "fr": """
        le la les un une des du de au aux ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur
        leurs je tu il elle on nous vous ils elles me te se lui moi toi soi eux y en qui que quoi dont où quel
        quelle quels quelles lequel laquelle lesquels lesquelles quand comment pourquoi combien et ou mais ni car
        donc si comme lorsque puisque quoique parce afin à dans par pour sur sous avec sans vers chez entre contre
        pendant depuis dès jusque avant après est sont était étaient suis es sommes êtes étais étions étiez être
        serait seraient sera seront soit soient a ai as avons avez ont avait avaient avais avoir eu aurait auraient
        aura auront ait aient fait font faire peut peuvent pouvait pourrait doit doivent devrait ne pas plus moins
        aussi très trop tout toute tous toutes même mêmes autre autres ici là alors ainsi cela ça ceci celui celle
        ceux celles oui non
        """,
    "es": """
        el la los las lo un una unos unas al del este esta estos estas ese esa esos esas aquel aquella aquellos
        aquellas esto eso aquello mi mis tu tus su sus nuestro nuestra nuestros nuestras vuestro vuestra yo tú él
        ella ello nosotros nosotras vosotros ellos ellas usted ustedes me te se nos os le les mí ti sí que qué quien
        quién quienes quiénes cual cuál cuales cuáles cuyo cuya cuando cuándo donde dónde como cómo cuanto cuánto
        cuanta cuánta cuantos cuántos cuantas cuántas porque por qué para y e o u pero sino ni si aunque mientras
        pues a ante bajo con contra de desde durante en entre hacia hasta según sin sobre tras es son era eran fue
        fueron soy eres somos ser sido sea sean sería serían será serán está están estaba estaban estoy estamos
        estar estado ha han he hemos has había habían haber hay habría haya hubo puede pueden podía podría poder
        debe deben tiene tienen tenía no muy más menos ya también tampoco todo toda todos todas otro otra otros
        otras mismo misma mismos mismas algún alguna algunos algunas ningún ninguna así aquí allí ahí entonces
        """,
    "it": """
        il lo la i gli le un uno una del dello della dei degli delle al allo alla ai agli alle dal dallo dalla dai
        dagli dalle nel nello nella nei negli nelle sul sullo sulla sui sugli sulle col coi questo questa questi
        queste quello quella quelli quelle quel quei quegli mio mia miei mie tuo tua tuoi tue suo sua suoi sue
        nostro nostra nostri nostre vostro vostra loro io tu lui lei noi voi essi mi ti si ci vi me te sé ne che chi
        cui quale quali quando dove come perché quanto quanta quanti quante cosa e ed o od ma né se anche però
        quindi mentre sebbene a ad di da in con su per tra fra senza sotto sopra verso contro durante dopo prima è
        sono era erano sei siamo siete essere fosse fossero sarebbe sarà saranno sia siano ha hanno ho hai abbiamo
        avete aveva avevano avere avuto avrebbe abbia può possono poteva potrebbe deve devono non più meno molto già
        così tutto tutta tutti tutte altro altra altri altre stesso stessa stessi stesse qui qua lì là allora ecco
        sì no
        """,
    "pt": """
        o a os as um uma uns umas ao à aos às do da dos das no na nos nas num numa dum duma pelo pela pelos pelas
        este esta estes estas esse essa esses essas aquele aquela aqueles aquelas isto isso aquilo neste nesta nesse
        nessa naquele naquela deste desta desse dessa daquele daquela meu minha meus minhas teu tua seu sua seus
        suas nosso nossa nossos nossas eu tu ele ela nós vós eles elas você vocês me te se lhe lhes mim ti si que
        quê quem qual quais cujo cuja quando onde como porque porquê quanto quanta quantos quantas e ou mas nem se
        embora enquanto pois ante após até com contra de desde em entre para por perante sem sob sobre é são era
        eram foi foram sou somos ser sido seja sejam seria será serão fosse fossem está estão estava estavam estou
        estamos estar esteja há tem têm tinha tinham ter teve tenho temos haver houve havia pode podem podia poderia
        deve devem não mais menos muito já também todo toda todos todas outro outra outros outras mesmo mesma mesmos
        mesmas aqui ali lá então assim sim
        """,
    "ca": """
        el la els les un una uns unes al als del dels pel pels aquest aquesta aquests aquestes aquell aquella
        aquells aquelles això allò meu meva meus teu seu seva seus nostre nostra vostre llur jo tu ell ella
        nosaltres vosaltres ells elles vostè em et es ens us li hi ho en me te se que què qui qual quals quan on com
        perquè quant quanta quants quantes i o però ni si sinó encara mentre doncs a amb de des en entre fins per
        sense sobre sota contra durant després abans és són era eren soc som ser estat sigui siguin seria serà fos
        està estan estava ha han he hem has havia havien haver hi pot poden podia podria ha deu no més menys molt ja
        també tot tota tots totes altre altra altres mateix mateixa així aquí allà llavors
        """,
    "nl": """
        de het een der den des dit dat deze die ik jij je u hij zij ze wij we jullie mij me jou hem haar ons hen hun
        mijn jouw uw zijn onze zich men er wie wat welke welk waar waarom wanneer hoe hoeveel waarmee waarvan
        waarover en of maar want dus omdat als toen terwijl hoewel dan in op aan uit bij met naar van voor tegen
        zonder om door over onder achter naast tussen sinds tot te ten ter per is was waren ben bent wezen geweest
        heeft hebben had hadden heb hebt gehad wordt worden werd werden zal zullen zou zouden kan kunnen kon konden
        moet moeten moest moesten mag mogen wil willen wilde niet geen ook nog al zo zeer meer hier daar nu toch wel
        ja nee iets niets elk elke ieder iedere alle
        """,
    "sv": """
        en ett den det de dem denna detta dessa jag du han hon vi ni man mig dig honom henne oss er sig min mitt
        mina din ditt dina sin sitt sina hans hennes vår vårt våra ert era deras dess vem vad vilken vilket vilka
        vars var vart varför när hur och eller men för utan så att om eftersom medan fast än som då i på av till
        från med mot vid under över genom mellan efter före innan hos åt ur kring är var vara varit blir blev bli
        blivit har hade ha haft kan kunde skall ska skulle vill ville måste får fick bör borde inte ej icke också
        även bara mycket mer här där nu ja nej alla allt någon något några ingen inget inga
        """,
    "no": """
        en ei et den det de dem denne dette disse jeg eg du han hun ho vi dere man meg deg ham henne oss seg min mi
        mitt mine din di ditt dine sin si sitt sine hans hennes vår vårt våre deres hvem hva hvilken hvilket hvilke
        hvor hvorfor når hvordan kven kva korleis og eller men for så at om fordi mens enn som da i på av til fra
        med mot ved under over gjennom mellom etter før hos uten er var være vært blir ble bli blitt har hadde ha
        hatt kan kunne skal skulle vil ville må måtte får fikk bør burde ikke ikkje også bare mye mer her der nå ja
        nei alle alt noen noe ingen
        """,
    "da": """
        en et den det de dem denne dette disse jeg du han hun vi i man mig dig ham hende os jer sig min mit mine din
        dit dine sin sit sine hans hendes vores jeres deres dens dets hvem hvad hvilken hvilket hvilke hvis hvor
        hvorfor hvornår hvordan når og eller men for så at om fordi mens end som da på af til fra med mod ved under
        over gennem mellem efter før hos uden er var være været bliver blev blive blevet har havde have haft kan
        kunne skal skulle vil ville må måtte får fik bør burde ikke også bare meget mere her der nu ja nej alle alt
        nogen noget nogle ingen intet
        """,
    "fi": """
        minä sinä hän me te he minun sinun hänen meidän teidän heidän minut sinut hänet minua sinua häntä meitä
        heitä minulla sinulla hänellä meillä teillä heillä minulle hänelle meille heille tämä tuo se nämä nuo ne
        tämän tuon sen näiden niiden tätä tuota sitä näitä niitä tässä siinä tästä siitä tähän siihen tällä sillä
        niistä niissä niihin joka jotka jonka joiden jota joita jossa joissa josta joista johon joihin jolla mikä
        mitkä mitä minkä missä mistä mihin miten miksi milloin kuka kenen ketä kuinka ja tai vai mutta sekä että jos
        koska kun vaikka kuin niin on ovat oli olivat olen olet olemme olette ole olla ollut olisi olisivat ei en et
        emme ette eivät älä voivat voisi pitää pitäisi myös vain jo nyt tässä täällä siellä tuolla hyvin kaikki
        kyllä
        """,
    "pl": """
        ten ta to ci te tego tej tych temu tym tymi tą tamten tamta ja ty on ona ono my wy oni one mnie mi ciebie ci
        jego go jemu mu jej ją nas nam nami was wam ich im nimi nim nią niej się siebie sobie mój moja moje mojego
        twój twoja swój swoja swoje nasz nasza nasze wasz kto kogo komu kim co czego czemu czym jaki jaka jakie
        jakiego który która które którego której których którym gdzie kiedy dlaczego jak ile skąd dokąd czy i a lub
        albo ale lecz więc bo ponieważ że żeby aby jeśli gdy choć niż oraz w we z ze na do od o po za przed przez
        pod nad dla bez u przy między jest są był była było byli były być będzie będą jestem jesteś jesteśmy byłby
        ma mają miał mieć może mogą można nie tak tylko też także już jeszcze bardzo tu tutaj tam teraz wszystko
        wszyscy każdy by
        """,
    "cs": """
        ten ta to ti ty tyto tato toto tento toho té tomu tím těch těm těmi tu já on ona ono my vy oni ony mě mne mi
        tě tobě ho jeho jemu mu ji jí nás nám námi vás vám je jich jim jimi se si sebe sobě můj moje tvůj svůj své
        svou náš naše váš vaše jejich její kdo koho komu kým co čeho čemu čím jaký jaká jaké který která které
        kterého kterou kterých kde kdy proč jak kolik a i nebo ale však tedy protože že aby jestli když pokud než
        ani v ve z ze na do od o po za před přes pod nad pro bez u při mezi k ke s je jsou byl byla bylo byli byly
        být bude budou jsem jsi jsme jste by má mají měl mít může mohou ne ano tak jen také už ještě velmi tady tam
        teď vše všechno všichni každý
        """,
    "ro": """
        un o unei unui unor cel cea cei cele al ai ale acest această acești aceste acel acea acei acele acesta
        aceasta eu tu el ea noi voi ei ele mă te îl îi ne vă le mi ți își se meu mea tău ta său sa nostru noastră
        lor lui cine ce care cărui căror cui unde când cum cât câtă câți câte de și sau dar ci iar însă că dacă deși
        deoarece pentru încât în din la pe cu fără sub peste prin spre după înainte între până este e sunt era erau
        sînt fi fost fie ar am ai are au avea avut va vor poate pot trebuie nu da mai foarte doar și aici acolo acum
        tot toată toți toate alt altă alți alte
        """,
    "hu": """
        a az egy ez ezek azok ezt azt ennek annak ebben abban erre arra ettől attól ezzel azzal én te ő mi ti ők
        engem téged őt minket titeket őket nekem neked neki nekünk nektek nekik magát ki mi kit mit kinek minek aki
        ami akit amit amely amelyet hol hova honnan mikor miért hogyan mennyi hány milyen melyik és vagy de hanem
        mert hogy ha bár mint pedig tehát alatt felett előtt után között mellett nélkül szerint által miatt van
        vannak volt voltak vagyok vagyunk lesz lenne lett lehet legyen nem ne is csak már még nagyon itt ott most
        igen minden meg el ki be fel le
        """,
    "tr": """
        bir bu şu o bunlar şunlar onlar bunu şunu onu bunun şunun onun buna ona bunda onda bundan ondan ben sen biz
        siz beni seni bizi sizi onları benim senin bizim sizin onların bana sana bize size onlara kim kime kimi
        kimin ne neyi neye nerede nereye nereden niçin neden nasıl kaç hangi ve veya ya ile ama fakat ancak çünkü ki
        eğer de da ise hem için gibi kadar göre üzere sonra önce mi mı mu mü var yok değil idi ise olan olarak
        olduğu olur oldu olan çok daha en her hep şey böyle şöyle öyle burada şurada orada şimdi evet hayır
        """,
    "id": """
        yang ini itu dia ia saya aku kamu anda kami kita mereka nya siapa apa apakah mana kapan mengapa kenapa
        bagaimana berapa dan atau tetapi tapi karena bahwa jika kalau meskipun ketika saat sehingga agar di ke dari
        pada untuk dengan oleh tanpa dalam antara tentang terhadap hingga sampai sejak adalah ialah ada akan sudah
        telah sedang masih bisa dapat harus tidak bukan jangan juga hanya sangat lebih paling sini sana situ ya para
        sebuah seorang
        """,
    "vi": """
        và hoặc hay nhưng mà thì là của cho với từ đến trong ngoài trên dưới ở tại về bởi vì nếu khi để do tôi bạn
        nó họ chúng ta mình này kia đó đây ấy nào gì ai đâu bao có không chưa đã đang sẽ được bị rất cũng chỉ vẫn
        còn những các một cái
        """,
}


def _with_elided(code: str, words: list[str]) -> frozenset[str]:
    elided = (f"{prefix}'{word}" for prefix in _ELIDING.get(code, ()) for word in words if word[0] in _VOWELS)
    return frozenset(map(folded, (*words, *elided)))


# By their codes, without English.
LATIN = {code: _with_elided(code, words.split()) for code, words in _WORDS.items()}
ELIDED = {code: tuple(f"{prefix}'" for prefix in prefixes) for code, prefixes in _ELIDING.items()}
