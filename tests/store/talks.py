"""What somebody may say at the beginning of a talk, in thirty-two languages, each by its code."""

SAID = {
    "ar": (
        "مساء الخير جميعا وشكرا لكم على حضوركم اليوم. أريد أن أتحدث عن الخبز الذي كانت جدتي تصنعه كل صباح في "
        "قريتنا الصغيرة. كانت تستيقظ قبل شروق الشمس وتعجن الدقيق والماء بيديها ثم تنتظر حتى يرتفع العجين قبل "
        "أن تشعل النار في الفرن القديم."
    ),
    "ca": (
        "Bona tarda a tothom i gràcies per haver vingut avui. Vull parlar del pa que la meva àvia feia cada "
        "matí al nostre petit poble. S'aixecava abans que sortís el sol, barrejava la farina amb l'aigua i "
        "esperava que la massa pugés abans d'encendre el foc del forn vell."
    ),
    "cs": (
        "Dobrý večer všem a děkuji, že jste dnes přišli. Chtěl bych mluvit o chlebu, který moje babička pekla "
        "každé ráno v naší malé vesnici. Vstávala před východem slunce, smíchala mouku s vodou a čekala, až "
        "těsto vykyne, než zapálila oheň ve staré peci."
    ),
    "da": (
        "Godaften alle sammen, og tak fordi I er kommet i dag. Jeg vil gerne tale om det brød, som min "
        "bedstemor bagte hver morgen i vores lille landsby. Hun stod op, før solen var oppe, blandede mel og "
        "vand og ventede på, at dejen hævede, før hun tændte ilden i den gamle ovn."
    ),
    "de": (
        "Guten Abend zusammen, und danke, dass ihr heute gekommen seid. Ich möchte über das Brot sprechen, "
        "das meine Großmutter jeden Morgen in unserem kleinen Dorf gebacken hat. Sie stand auf, bevor die "
        "Sonne aufging, mischte Mehl und Wasser und wartete, bis der Teig aufgegangen war, ehe sie das Feuer "
        "im alten Ofen anzündete."
    ),
    "el": (
        "Καλησπέρα σε όλους και ευχαριστώ που ήρθατε σήμερα. Θέλω να μιλήσω για το ψωμί που έφτιαχνε η γιαγιά "
        "μου κάθε πρωί στο μικρό μας χωριό. Σηκωνόταν πριν βγει ο ήλιος, ανακάτευε το αλεύρι με το νερό και "
        "περίμενε να φουσκώσει το ζυμάρι πριν ανάψει τον φούρνο."
    ),
    "en": (
        "Good evening everybody, and thank you for coming today. I want to talk about the bread that my "
        "grandmother used to bake every morning in our little village. She got up before the sun did, mixed "
        "the flour with water and waited for the dough to rise before she lit the fire in the old oven."
    ),
    "es": (
        "Buenas tardes a todos y gracias por haber venido hoy. Quiero hablar del pan que mi abuela hacía cada "
        "mañana en nuestro pequeño pueblo. Se levantaba antes de que saliera el sol, mezclaba la harina con "
        "el agua y esperaba a que la masa subiera antes de encender el fuego del horno viejo."
    ),
    "et": (
        "Tere õhtust kõigile ja aitäh, et te täna tulite. Ma tahan rääkida leivast, mida mu vanaema igal "
        "hommikul meie väikeses külas küpsetas. Ta tõusis enne päikest, segas jahu veega ja ootas, kuni "
        "tainas kerkis, enne kui ta vanas ahjus tule süütas."
    ),
    "fa": (
        "عصر همگی بخیر و ممنون که امروز آمدید. می‌خواهم درباره نانی حرف بزنم که مادربزرگم هر روز صبح در "
        "روستای کوچک ما می‌پخت. او پیش از طلوع خورشید بیدار می‌شد، آرد را با آب مخلوط می‌کرد و صبر می‌کرد تا "
        "خمیر ور بیاید و بعد تنور کهنه را روشن می‌کرد."
    ),
    "fi": (
        "Hyvää iltaa kaikille ja kiitos, että tulitte tänään. Haluan puhua leivästä, jota isoäitini leipoi "
        "joka aamu pienessä kylässämme. Hän heräsi ennen auringonnousua, sekoitti jauhot veteen ja odotti, "
        "että taikina nousi, ennen kuin hän sytytti tulen vanhaan uuniin."
    ),
    "fr": (
        "Bonsoir à tous et merci d'être venus aujourd'hui. Je voudrais parler du pain que ma grand-mère "
        "faisait chaque matin dans notre petit village. Elle se levait avant le soleil, mélangeait la farine "
        "et l'eau et attendait que la pâte monte avant d'allumer le feu dans le vieux four."
    ),
    "he": (
        "ערב טוב לכולם ותודה שבאתם היום. אני רוצה לדבר על הלחם שסבתא שלי אפתה כל בוקר בכפר הקטן שלנו. היא קמה "
        "לפני הזריחה, ערבבה את הקמח עם המים וחיכתה שהבצק יתפח לפני שהדליקה את האש בתנור הישן."
    ),
    "hi": (
        "नमस्ते और आज आने के लिए आप सबका धन्यवाद। मैं उस रोटी के बारे में बात करना चाहता हूँ जो मेरी दादी हर "
        "सुबह हमारे छोटे गाँव में बनाती थीं। वह सूरज निकलने से पहले उठती थीं, आटे में पानी मिलाती थीं और "
        "पुराने चूल्हे में आग जलाने से पहले आटा फूलने का इंतज़ार करती थीं।"
    ),
    "hu": (
        "Jó estét mindenkinek, és köszönöm, hogy ma eljöttetek. A kenyérről szeretnék beszélni, amelyet a "
        "nagymamám minden reggel sütött a kis falunkban. Napkelte előtt kelt, összekeverte a lisztet a "
        "vízzel, és megvárta, amíg megkel a tészta, mielőtt begyújtott a régi kemencébe."
    ),
    "id": (
        "Selamat malam semuanya, dan terima kasih sudah datang hari ini. Saya ingin bercerita tentang roti "
        "yang dibuat nenek saya setiap pagi di desa kecil kami. Beliau bangun sebelum matahari terbit, "
        "mencampur tepung dengan air, lalu menunggu adonan mengembang sebelum menyalakan api di tungku tua."
    ),
    "it": (
        "Buonasera a tutti e grazie di essere venuti oggi. Voglio parlare del pane che mia nonna faceva ogni "
        "mattina nel nostro piccolo paese. Si alzava prima del sole, mescolava la farina con l'acqua e "
        "aspettava che l'impasto lievitasse prima di accendere il fuoco nel vecchio forno."
    ),
    "ja": (
        "みなさん、こんばんは。今日は来てくださってありがとうございます。祖母が小さな村で毎朝焼いていたパンの"
        "話をしたいと思います。祖母は日が昇る前に起きて、小麦粉と水を混ぜ、生地が膨らむのを待ってから、古いか"
        "まどに火を入れていました。"
    ),
    "ko": (
        "여러분 안녕하세요, 오늘 와 주셔서 감사합니다. 저는 할머니가 우리 작은 마을에서 매일 아침 굽던 빵에 "
        "대해 이야기하고 싶습니다. 할머니는 해가 뜨기 전에 일어나 밀가루와 물을 섞고 반죽이 부풀 때까지 "
        "기다린 다음 오래된 화덕에 불을 지피셨습니다."
    ),
    "lt": (
        "Labas vakaras visiems ir ačiū, kad šiandien atėjote. Noriu papasakoti apie duoną, kurią mano močiutė "
        "kepdavo kiekvieną rytą mūsų mažame kaime. Ji keldavosi prieš saulėtekį, sumaišydavo miltus su "
        "vandeniu ir laukdavo, kol tešla pakils, o tada užkurdavo seną krosnį."
    ),
    "no": (
        "God kveld alle sammen, og takk for at dere kom i dag. Jeg vil gjerne snakke om brødet som bestemoren "
        "min bakte hver morgen i den lille bygda vår. Hun sto opp før sola, blandet mel og vann og ventet til "
        "deigen hadde hevet seg før hun tente opp i den gamle ovnen."
    ),
    "nl": (
        "Goedenavond allemaal, en bedankt dat jullie vandaag gekomen zijn. Ik wil het hebben over het brood "
        "dat mijn grootmoeder elke ochtend bakte in ons kleine dorp. Ze stond op voordat de zon opkwam, "
        "mengde het meel met water en wachtte tot het deeg gerezen was voordat ze het vuur in de oude oven "
        "aanstak."
    ),
    "pl": (
        "Dobry wieczór wszystkim i dziękuję, że dzisiaj przyszliście. Chcę opowiedzieć o chlebie, który moja "
        "babcia piekła każdego ranka w naszej małej wsi. Wstawała przed wschodem słońca, mieszała mąkę z wodą "
        "i czekała, aż ciasto wyrośnie, zanim rozpaliła ogień w starym piecu."
    ),
    "pt": (
        "Boa noite a todos e obrigado por terem vindo hoje. Quero falar do pão que a minha avó fazia todas as "
        "manhãs na nossa pequena aldeia. Ela levantava-se antes do sol, misturava a farinha com a água e "
        "esperava que a massa crescesse antes de acender o fogo no forno velho."
    ),
    "ro": (
        "Bună seara tuturor și vă mulțumesc că ați venit astăzi. Vreau să vorbesc despre pâinea pe care "
        "bunica mea o făcea în fiecare dimineață în satul nostru mic. Se trezea înainte de răsăritul "
        "soarelui, amesteca făina cu apa și aștepta să crească aluatul înainte să aprindă focul în cuptorul "
        "vechi."
    ),
    "ru": (
        "Добрый вечер всем и спасибо, что вы сегодня пришли. Я хочу рассказать о хлебе, который моя бабушка "
        "пекла каждое утро в нашей маленькой деревне. Она вставала до восхода солнца, смешивала муку с водой "
        "и ждала, пока поднимется тесто, а потом разжигала огонь в старой печи."
    ),
    "sv": (
        "God kväll allihop, och tack för att ni kom hit i dag. Jag vill berätta om brödet som min mormor "
        "bakade varje morgon i vår lilla by. Hon steg upp innan solen gick upp, blandade mjöl och vatten och "
        "väntade på att degen skulle jäsa innan hon tände elden i den gamla ugnen."
    ),
    "th": (
        "สวัสดีตอนเย็นทุกคน ขอบคุณที่มาในวันนี้ ผมอยากจะพูดถึงขนมปังที่คุณยายของผมอบทุกเช้าในหมู่บ้านเล็ก ๆ "
        "ของเรา ท่านตื่นก่อนพระอาทิตย์ขึ้น ผสมแป้งกับน้ำ แล้วรอให้แป้งฟูก่อนที่จะจุดไฟในเตาเก่า"
    ),
    "tr": (
        "Herkese iyi akşamlar, bugün geldiğiniz için teşekkür ederim. Babaannemin küçük köyümüzde her sabah "
        "pişirdiği ekmekten söz etmek istiyorum. Güneş doğmadan kalkar, unu suyla karıştırır, hamurun "
        "kabarmasını bekler, sonra eski fırında ateşi yakardı."
    ),
    "uk": (
        "Добрий вечір усім і дякую, що ви сьогодні прийшли. Я хочу розповісти про хліб, який моя бабуся пекла "
        "щоранку в нашому маленькому селі. Вона вставала до сходу сонця, змішувала борошно з водою і чекала, "
        "поки підійде тісто, а потім розпалювала вогонь у старій печі."
    ),
    "vi": (
        "Chào buổi tối tất cả mọi người và cảm ơn các bạn đã đến hôm nay. Tôi muốn nói về chiếc bánh mì mà bà "
        "tôi làm mỗi buổi sáng ở ngôi làng nhỏ của chúng tôi. Bà dậy trước khi mặt trời mọc, trộn bột với "
        "nước và chờ cho bột nở trước khi nhóm lửa trong chiếc lò cũ."
    ),
    "zh": (
        "大家晚上好，谢谢你们今天来到这里。我想谈谈我奶奶每天早上在我们的小村子里烤的面包。她在太阳出来之前就"
        "起床，把面粉和水和在一起，等面团发起来，然后才在旧炉子里生火。"
    ),
}


def cut(text: str, size: int) -> list[str]:
    """Cut a text into cues of so many words."""
    words = text.split()
    return [" ".join(words[at : at + size]) for at in range(0, len(words), size)]


def captions(text: str) -> list[str]:
    """Return a text as automatic captions have it: in small letters without signs, a few words a cue."""
    return cut("".join(letter for letter in text.lower() if letter not in ".,。、！"), 5)
