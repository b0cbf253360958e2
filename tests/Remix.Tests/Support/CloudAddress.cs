using Microsoft.Extensions.DependencyInjection;
using Remix.Platform;

namespace Remix.Tests.Support;

/// <summary>Where a server's agent cloud is.</summary>
internal sealed class CloudAddress(World world) : IServerAddress
{
    public string BaseUrl => $"http://127.0.0.1:{Port}";

    public HttpClient Http => world.Http;

    public IReadOnlyList<string> TakeErrors() => world.TakeErrors();

    private int Port => world.Services.GetRequiredService<IReadOnlyList<Module>>().Single(module => module.Port?.Name == "cloud").Port!.Number;
}
