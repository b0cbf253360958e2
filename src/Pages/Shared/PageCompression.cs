using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;

namespace Remix.Pages.Shared;

/// <summary>
/// Our pages are sent compressed, over HTTPS too. A secret can be guessed from the length of an answer (BREACH) only if
/// the same secret comes again and again beside words that the guesser chose. Our pages hold no secret but the token and
/// key of a new account, which are said once, in answer to a form that no other site can send.
/// </summary>
internal static class PageCompression
{
    public static void Add(IServiceCollection services)
    {
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = ["text/html"];
        });
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Optimal);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Optimal);
    }

    /// <summary>For pages alone: other answers lie ready, or stream, and are not to be wrapped on their way.</summary>
    public static void Use(IApplicationBuilder app) => app.UseWhen(
        context => context.GetEndpoint() is not { } endpoint || PageFaults.IsPage(endpoint), pages => pages.UseResponseCompression());
}
