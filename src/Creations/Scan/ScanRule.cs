namespace Remix.Creations.Scan;

/// <summary>What a creation may not hold, and the words that tell an agent how to do without it.</summary>
internal sealed record ScanRule(string Category, string FixHint)
{
    /// <summary>
    /// Leaving the page. Assigning to <c>location</c> or to a part of it other than <c>hash</c>, calling <c>assign</c>
    /// or <c>replace</c>, and opening a window over this one are redirects. Reading any part, setting <c>hash</c>,
    /// <c>reload()</c>, the history API and links that a person taps are not.
    /// </summary>
    public static readonly ScanRule Redirect = new("redirect",
        "Keep the reader on the page: show and hide sections with the DOM, set location.hash for in-page "
        + "navigation, or use <a href> links.");

    /// <summary>Any use of <c>document.cookie</c>, read or write.</summary>
    public static readonly ScanRule Cookie = new("cookie",
        "Keep state in a variable or in localStorage; creations have no cookies.");

    /// <summary>
    /// Calls of the browser's own dialogs; a function of the page's own with such a name is left alone.
    /// </summary>
    public static readonly ScanRule Dialog = new("dialog",
        "Show the message in the page: use a <dialog> element, or write the text into an element.");

    /// <summary>
    /// Code made of text: any mention of the global <c>eval</c>, <c>Function</c> called or constructed, a timer given a
    /// string. Names put together at run time (<c>window["ev" + "al"]</c>) are the Content-Security-Policy's to stop.
    /// </summary>
    public static readonly ScanRule Eval = new("eval",
        "Write the code out as an ordinary function; use JSON.parse() to read data.");

    public static readonly ScanRule DocumentWrite = new("document_write",
        "Use DOM APIs: element.append(), element.textContent = …, or element.insertAdjacentHTML().");

    public static readonly ScanRule PostMessage = new("post_message",
        "Delete the call: the platform's bridge reports height and scroll to the feed by itself. "
        + "To talk to other readers use the creation's realtime channel.");

    /// <summary>
    /// Every element that opens a document inside the page, also when a script creates it by its literal name.
    /// </summary>
    public static readonly ScanRule Iframe = new("iframe",
        "Put the content into the page itself; link to another site with <a href>, show video with <video>.");

    public static readonly ScanRule FormAction = new("form_action",
        "Drop the action and handle the submit event in a script, or post to a path of the creation's own worker "
        + "such as /api/send.");

    public static readonly ScanRule ZIndex = new("z_index",
        "Use a z-index of 999 or less: larger values would cover the feed's own controls.");

    public static readonly ScanRule ExternalScript = new("external_script",
        "Load it from https://cdn.jsdelivr.net, https://cdnjs.cloudflare.com or https://unpkg.com, "
        + "or upload the file beside index.html and use its relative path.");

    public static readonly ScanRule BaseHref = new("base_href",
        "Delete the <base href>: relative paths already start at the folder of index.html.");

    public static readonly ScanRule MetaRefresh = new("meta_refresh",
        "Delete the tag: update the page with a script (setInterval and DOM APIs) instead of reloading or "
        + "redirecting it.");

    public static readonly ScanRule JavascriptUrl = new("javascript_url",
        "Use a <button> and addEventListener('click', …).");

    public static readonly ScanRule PageWeight = new("page_weight",
        "Keep index.html with its scripts, styles and images under 2 MB: compress images (WebP), load libraries "
        + "from an allowed CDN.");

    public static readonly ScanRule Svg = new("svg",
        "Keep the SVG to shapes, text, gradients and SMIL or CSS animation, self-contained: no scripts, handlers, "
        + "foreignObject, DOCTYPE or outside references.");

    public static readonly ScanRule Xml = new("xml",
        "Keep the XML to data, well-formed, without xml-stylesheet and without declarations in its DOCTYPE; what is to "
        + "be seen belongs into an .html file.");

    public static readonly ScanRule Cover = new("cover",
        "Upload cover.svg with viewBox=\"0 0 375 900\" (at most 50 KB), or a .png or .webp of 750×1800 (at most "
        + "500 KB), "
        + "or an animated .gif, and name it in \"cover\".");

    public static readonly ScanRule Encoding = new("encoding", "Save the file as UTF-8.");

    public static readonly ScanRule Limits = new("limits",
        "Make the file smaller and its markup flatter: split large files, load data with fetch(), draw many items "
        + "on a <canvas>.");
}
