using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Remix.Platform.Faults;
using Remix.Platform.Settings;

namespace Remix.Creations.Drafts;

/// <summary>Lets nothing of ours answer on the hosts of drafts but drafts, and nobody's session count there.</summary>
internal sealed class DraftHost(RequestDelegate next, RemixSettings settings)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (DraftAddress.LabelOf(context.Request.Host.Value, settings) is not { } label)
        {
            return next(context);
        }

        if (DraftAddress.IsAppLabel(label))
        {
            // The whole host is the app's. From here on it is as if it were opened by path.
            context.Request.Path = $"{DraftAddress.AppPathPrefix}{label[(label.IndexOf('-', StringComparison.Ordinal) + 1)..]}{context.Request.Path}";
        }
        else if (context.Request.Path.Value?.StartsWith(DraftAddress.PathPrefix, StringComparison.Ordinal) is not true)
        {
            throw Fault.NotFound("Draft", "Drafts are seen at the url that GET /rooms/{owner}/{room}/draft-token answers.");
        }

        context.Request.Headers.Remove(HeaderNames.Cookie);
        context.Request.Headers.Remove(HeaderNames.Authorization);
        context.Features.Set(new DraftLabel(label));
        return next(context);
    }
}

/// <summary>The first part of the host's name.</summary>
internal sealed record DraftLabel(string Label);
