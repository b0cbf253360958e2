using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace Remix.JsRuntime.Workers.Objects;

/// <summary>A page of a bucket's objects, in the order of their keys; what lies behind a delimiter counts as one.</summary>
internal static class R2Listing
{
    public const int PageMax = 1000;

    /// <summary>Comes after every key that begins with what stands before it.</summary>
    public const string Last = "\U0010FFFF";

    public static JsonObject Of(R2Index index, R2Request asked)
    {
        var most = asked.NumberOf("limit") ?? PageMax;
        if (most is < 1 or > PageMax)
        {
            throw R2Exception.BadLimit();
        }

        var (prefix, delimiter) = (asked.TextOf("prefix") ?? "", asked.TextOf("delimiter") ?? "");
        var after = asked.TextOf("cursor") is { } cursor ? Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(cursor))
            : asked.TextOf("startAfter") ?? "";
        var include = (asked.Given["include"] as JsonArray ?? []).Select(one => (int)one!).ToHashSet();
        var (objects, prefixes) = (new JsonArray(), new JsonArray());
        var isMore = false;
        while (!isMore && index.After(prefix, after, (int)most - objects.Count - prefixes.Count + 1) is { Count: > 0 } found)
        {
            foreach (var one in found)
            {
                if (isMore = objects.Count + prefixes.Count >= most)
                {
                    break;
                }

                var end = delimiter.Length == 0 ? -1 : one.Key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
                if (end >= 0)
                {
                    // The next look begins behind all that share this beginning.
                    prefixes.Add(one.Key[..(end + delimiter.Length)]);
                    after = one.Key[..(end + delimiter.Length)] + Last;
                    break;
                }

                objects.Add(one.Shown(withHttp: include.Contains(0), withCustom: include.Contains(1)));
                after = one.Key;
            }
        }

        var page = new JsonObject { ["objects"] = objects, ["truncated"] = isMore, ["delimitedPrefixes"] = prefixes };
        if (isMore)
        {
            page["cursor"] = WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(after));
        }

        return page;
    }
}
