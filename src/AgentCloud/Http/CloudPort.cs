using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Remix.Platform.Faults;
using Remix.Platform.Http.Ports;
using Remix.Platform.Settings;

namespace Remix.AgentCloud.Http;

/// <summary>The cloud's port: its own pipeline, its own routes, its own way to refuse.</summary>
internal sealed class CloudPort(Action<IEndpointRouteBuilder> map) : OwnPort
{
    public override string Name => "cloud";

    public override FaultDialect Dialect => FaultDialect.AgentCloud;

    public override string DocumentPath => "/v1/_doc/openapi.json";

    public override string DocumentTitle => "Remix agent cloud";

    public override string DocumentDescription => """
        Workspaces of apps whose agents are JavaScript modules. Inputs come as JSON, as an urlencoded form or as multipart; what
        begins with { is JSON whatever its label. Routes outside of /v1 are also served below /v0.
        """;

    protected override int Wanted(RemixSettings settings) => settings.CloudPort;

    protected override void Configure(ListenOptions listen, RemixSettings settings)
    {
        if (settings.Cloud is not { TlsCerts: { } certs, TlsKey: { } key })
        {
            return;
        }

        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certs);
            listen.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificate = X509Certificate2.CreateFromPemFile(certs, key),
                ServerCertificateChain = [.. chain.Skip(1)],
            });
        }
        catch (CryptographicException e)
        {
            throw new SettingsException([$"{SettingNames.CloudTlsCerts} is '{certs}', {SettingNames.CloudTlsKey} is '{key}': "
                + $"they are no certificate (PEM) and its key. {e.Message}"]);
        }
    }

    public override void UseBeforeRouting(IApplicationBuilder app)
    {
        app.UseMiddleware<CrossOrigin>();
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "v1/swagger";
            page.DocumentTitle = DocumentTitle;
            page.SwaggerEndpoint("../_doc/openapi.json", DocumentTitle);
        });
    }

    public override void UseAfterRouting(IApplicationBuilder app) => app.UseMiddleware<CloudCallerMiddleware>();

    public override void MapRoutes(IEndpointRouteBuilder routes) => map(routes);
}
