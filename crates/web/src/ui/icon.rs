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
    ArrowUpRight = "arrow-up-right",
    Ban = "ban",
    Building2 = "building-2",
    Calendar = "calendar",
    CalendarClock = "calendar-clock",
    Check = "check",
    ChevronDown = "chevron-down",
    ChevronLeft = "chevron-left",
    ChevronRight = "chevron-right",
    ChevronUp = "chevron-up",
    ChevronsUpDown = "chevrons-up-down",
    CircleAlert = "circle-alert",
    CircleCheck = "circle-check",
    CircleHelp = "circle-help",
    CirclePause = "circle-pause",
    CircleX = "circle-x",
    Clock = "clock",
    Columns3 = "columns-3",
    Copy = "copy",
    Download = "download",
    Ellipsis = "ellipsis",
    ExternalLink = "external-link",
    Eye = "eye",
    EyeOff = "eye-off",
    FileSpreadsheet = "file-spreadsheet",
    Flame = "flame",
    Gem = "gem",
    GripVertical = "grip-vertical",
    Handshake = "handshake",
    History = "history",
    Info = "info",
    LayoutDashboard = "layout-dashboard",
    Link = "link",
    ListFilter = "list-filter",
    LoaderCircle = "loader-circle",
    Lock = "lock",
    LogOut = "log-out",
    Mail = "mail",
    Merge = "merge",
    Menu = "menu",
    Monitor = "monitor",
    Moon = "moon",
    Package = "package",
    PanelLeft = "panel-left",
    Pencil = "pencil",
    Phone = "phone",
    Plus = "plus",
    RefreshCw = "refresh-cw",
    RotateCcw = "rotate-ccw",
    Search = "search",
    Settings = "settings",
    SquareKanban = "square-kanban",
    Star = "star",
    Sun = "sun",
    Tag = "tag",
    Trash2 = "trash-2",
    TriangleAlert = "triangle-alert",
    Undo2 = "undo-2",
    Upload = "upload",
    User = "user",
    UserPlus = "user-plus",
    Users = "users",
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
