//! Diminutives of English first names.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A first name, its other spellings and its diminutives, folded. A diminutive may stand in several rows.
const ROWS: &[&str] = &[
    "abigail abby abbie gail",
    "albert al bert bertie",
    "alexander alex alec sandy xander sasha",
    "alexandra alex sandra lexi sasha",
    "alfred alf alfie fred",
    "andrew andy drew",
    "anthony tony ant",
    "arthur art",
    "barbara barb babs",
    "benjamin ben benny",
    "bernard bernie",
    "cameron cam",
    "caroline carrie caro",
    "catherine katherine kathryn cathy kathy kate katie kat cat",
    "charles charlie chuck chas",
    "charlotte lottie charlie",
    "christina christine chris chrissy tina",
    "christopher chris kit topher",
    "daniel dan danny",
    "david dave davey",
    "deborah debra deb debbie",
    "donald don donnie",
    "dorothy dot dottie",
    "edward ed eddie ted ned",
    "eleanor ellie nell nora",
    "elizabeth elisabeth liz lizzie beth betty eliza libby lisa",
    "emily em emmy",
    "eugene gene",
    "florence flo",
    "frances fran frankie",
    "francis frank frankie",
    "franklin frank",
    "frederick fred freddie",
    "gabriel gabe",
    "geoffrey jeffrey geoff jeff",
    "gerald jerry gerry",
    "gregory greg",
    "harold harry hal",
    "henry harry hank hal",
    "isabella isabel bella izzy",
    "jacob jake",
    "jacqueline jackie",
    "james jim jimmy jamie",
    "janet jan",
    "jennifer jen jenny",
    "jessica jess jessie",
    "john johnny jack jon",
    "jonathan jon jonny",
    "joseph joe joey",
    "joshua josh",
    "judith judy",
    "kenneth ken kenny",
    "kimberly kim",
    "laurence lawrence larry laurie",
    "leonard leo len lenny",
    "lillian lily",
    "louis lewis lou",
    "madeleine maddie",
    "margaret maggie meg peggy peg marge greta",
    "martin marty",
    "matthew matt matty",
    "maxwell maximilian max",
    "melissa mel",
    "michael mike mick mickey",
    "nancy nan",
    "natalie nat",
    "nathaniel nathan nate nat",
    "nicholas nick nicky nico",
    "nicole nicky nikki",
    "oliver ollie",
    "olivia liv",
    "pamela pam",
    "patricia pat patty trish tricia",
    "patrick pat paddy",
    "peter pete",
    "philip phil",
    "raymond ray",
    "rebecca becky becca",
    "richard rick rich dick ricky richie",
    "robert bob rob bobby robbie bert",
    "ronald ron ronnie",
    "rudolph rudy",
    "russell russ",
    "samantha sam",
    "samuel sam sammy",
    "sebastian seb bastian",
    "stephanie steph",
    "stephen steven steve",
    "stuart stewart stu",
    "susan susanna sue suzie susie",
    "theodore theo ted teddy",
    "theresa terry tess",
    "thomas tom tommy",
    "timothy tim",
    "valerie val",
    "victoria vicky tori",
    "vincent vince vinny",
    "walter walt wally",
    "william bill will billy willy liam",
    "zachary zach zack",
];

/// The numbers of the rows that each name stands in.
static ROWS_OF: LazyLock<HashMap<&str, Vec<u16>>> = LazyLock::new(|| {
    let mut rows: HashMap<&str, Vec<u16>> = HashMap::new();
    for (number, row) in (0..).zip(ROWS) {
        row.split(' ').for_each(|name| rows.entry(name).or_default().push(number));
    }
    rows
});

/// The numbers of the rows that a folded first name stands in.
pub fn rows_of(name: &str) -> &'static [u16] {
    ROWS_OF.get(name).map_or(&[], Vec::as_slice)
}

/// The first name that leads the row with this number.
pub fn formal(row: u16) -> Option<&'static str> {
    ROWS.get(usize::from(row))?.split(' ').next()
}
