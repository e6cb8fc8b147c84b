//! Icons: a fixed set of Lucide SVGs compiled into the app.

use leptos::prelude::*;

macro_rules! icons {
    ($($variant:ident = $file:literal),* $(,)?) => {
        /// An icon of the fixed set; the names are Lucide's in camel case.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum IconName {
            $(#[doc = concat!("Lucide `", $file, "`.")] $variant),*
        }

        impl IconName {
            /// Every icon, in alphabetical order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Lucide's name, for example `arrow-up-right`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $file),* }
            }

            /// The SVG document.
            pub const fn svg(self) -> &'static str {
                match self { $(Self::$variant => include_str!(concat!("icons/", $file, ".svg"))),* }
            }
        }
    };
}

icons! {
    Activity = "activity",
    Archive = "archive",
    ArchiveRestore = "archive-restore",
    ArrowDown = "arrow-down",
    ArrowLeft = "arrow-left",
    ArrowRight = "arrow-right",
    ArrowUp = "arrow-up",
    ArrowUpDown = "arrow-up-down",
    ArrowUpRight = "arrow-up-right",
    AtSign = "at-sign",
    Ban = "ban",
    Banknote = "banknote",
    Bell = "bell",
    Bold = "bold",
    BookOpen = "book-open",
    Bookmark = "bookmark",
    Briefcase = "briefcase",
    Building2 = "building-2",
    Calendar = "calendar",
    CalendarClock = "calendar-clock",
    ChartColumn = "chart-column",
    ChartLine = "chart-line",
    Check = "check",
    CheckCheck = "check-check",
    ChevronDown = "chevron-down",
    ChevronLeft = "chevron-left",
    ChevronRight = "chevron-right",
    ChevronUp = "chevron-up",
    ChevronsUpDown = "chevrons-up-down",
    Circle = "circle",
    CircleAlert = "circle-alert",
    CircleCheck = "circle-check",
    CircleDot = "circle-dot",
    CircleHelp = "circle-help",
    CirclePause = "circle-pause",
    CircleX = "circle-x",
    Clock = "clock",
    Code = "code",
    Columns3 = "columns-3",
    Copy = "copy",
    CreditCard = "credit-card",
    Download = "download",
    Ellipsis = "ellipsis",
    ExternalLink = "external-link",
    Eye = "eye",
    EyeOff = "eye-off",
    FileSpreadsheet = "file-spreadsheet",
    FileText = "file-text",
    Flag = "flag",
    Folder = "folder",
    FolderKanban = "folder-kanban",
    Funnel = "funnel",
    GitBranch = "git-branch",
    Globe = "globe",
    GripVertical = "grip-vertical",
    Handshake = "handshake",
    Hash = "hash",
    Heading2 = "heading-2",
    History = "history",
    House = "house",
    Image = "image",
    Inbox = "inbox",
    Info = "info",
    Italic = "italic",
    KeyRound = "key-round",
    Layers = "layers",
    LayoutDashboard = "layout-dashboard",
    Link = "link",
    List = "list",
    ListFilter = "list-filter",
    ListOrdered = "list-ordered",
    ListTodo = "list-todo",
    LoaderCircle = "loader-circle",
    Lock = "lock",
    LogOut = "log-out",
    Mail = "mail",
    MapPin = "map-pin",
    Maximize2 = "maximize-2",
    Megaphone = "megaphone",
    Menu = "menu",
    Merge = "merge",
    MessageSquare = "message-square",
    Mic = "mic",
    Monitor = "monitor",
    Moon = "moon",
    Package = "package",
    PanelLeft = "panel-left",
    Paperclip = "paperclip",
    Pencil = "pencil",
    Percent = "percent",
    Phone = "phone",
    Pin = "pin",
    Play = "play",
    Plus = "plus",
    Quote = "quote",
    Receipt = "receipt",
    RefreshCw = "refresh-cw",
    Reply = "reply",
    RotateCcw = "rotate-ccw",
    Save = "save",
    Search = "search",
    Send = "send",
    Settings = "settings",
    Shield = "shield",
    ShoppingCart = "shopping-cart",
    SlidersHorizontal = "sliders-horizontal",
    Smartphone = "smartphone",
    SquareCheck = "square-check",
    SquareKanban = "square-kanban",
    Star = "star",
    StickyNote = "sticky-note",
    Strikethrough = "strikethrough",
    Sun = "sun",
    Tag = "tag",
    Target = "target",
    Trash2 = "trash-2",
    TrendingUp = "trending-up",
    TriangleAlert = "triangle-alert",
    Underline = "underline",
    Undo2 = "undo-2",
    Unlink = "unlink",
    Upload = "upload",
    User = "user",
    UserPlus = "user-plus",
    Users = "users",
    Video = "video",
    Wallet = "wallet",
    Webhook = "webhook",
    Workflow = "workflow",
    X = "x",
    Zap = "zap",
}

/// Size of an icon. The default (16 px) suits buttons and 13–14 px text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IconSize {
    /// 14 px.
    Sm,
    /// 16 px.
    #[default]
    Md,
    /// 20 px.
    Lg,
}

impl IconSize {
    const fn class(self) -> &'static str {
        match self {
            Self::Sm => "icon icon-sm",
            Self::Md => "icon",
            Self::Lg => "icon icon-lg",
        }
    }
}

/// A decorative icon in the colour of the text around it. Hidden from assistive technology:
/// the control or the text beside it carries the name.
#[component]
pub fn Icon(
    /// Which icon.
    name: IconName,
    /// How large.
    #[prop(optional)]
    size: IconSize,
) -> impl IntoView {
    view! { <span class=size.class() aria-hidden="true" inner_html=name.svg()></span> }
}

/// A turning circle for work under way. Decorative: say "Loading" in words beside it or by `aria-busy`.
#[component]
pub fn Spinner(
    /// How large.
    #[prop(optional)]
    size: IconSize,
) -> impl IntoView {
    view! {
        <span class=format!("{} spinner", size.class()) aria-hidden="true" inner_html=IconName::LoaderCircle.svg()></span>
    }
}
