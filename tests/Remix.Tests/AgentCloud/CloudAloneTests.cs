using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud;

/// <summary>The agent cloud by itself, started as its users start it.</summary>
[Trait(TestDatabase.Only, "sqlite")]
public sealed class CloudAloneTests : IServerAddress, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("remix-cloud-").FullName;
    private readonly int port = Ports.Free();

    public string BaseUrl { get; private set; } = "";

    public HttpClient Http { get; } = new(new SocketsHttpHandler
    {
        UseCookies = false,
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=127.0.0.1" },
    })
    { Timeout = TimeSpan.FromSeconds(20) };

    public IReadOnlyList<string> TakeErrors() => [];

    public void Dispose()
    {
        Http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task It_serves_workspaces_with_tokens_made_beside_it_and_no_platform()
    {
        BaseUrl = $"http://127.0.0.1:{port}";
        await Serving([], async () =>
        {
            var token = await MakeToken("--sub", "ann", "--email", "ann@example.com", "--days", "2");
            var ann = new Actor(this, "ann", token);
            Assert.Equal("ann@example.com", (await ann.Post("/ws", new MultipartFormDataContent { { new StringContent("ws1"),
                "name" } })).Ok(201).String("owner"));
            (await ann.Post("/grant-permission/ws1", new FormUrlEncodedContent(
                [new("subject", "anonymous"), new("resource", "agent/app1/agent1"), new("role", "runner")]))).Ok();
            (await ann.Post("/register", new { user_id = "x" })).RefusedByCloud(404, "NO_SUCH_ROUTE");
        });

        // What was made is there when it starts again, and what a server that was killed had not received to the end is not.
        var half = Path.Combine(folder, "incoming", "half");
        await File.WriteAllTextAsync(half, "half of a file");
        await Serving([], async () => Assert.Single(
            (await new Actor(this, "ann", await MakeToken("--sub", "ann")).Get("/v1/ws")).Ok().List("workspaces")));
        Assert.False(File.Exists(half));
    }

    [Fact]
    public async Task It_speaks_HTTPS_with_a_certificate_from_files()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var (certs, keys) = (Path.Combine(folder, "127.0.0.1.pem"), Path.Combine(folder, "127.0.0.1-key.pem"));
        await File.WriteAllTextAsync(certs, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(keys, key.ExportPkcs8PrivateKeyPem());
        BaseUrl = $"https://127.0.0.1:{port}";
        await Serving(["--tls-certs", certs, "--tls-key", keys], async () =>
            Assert.Contains("build", (await new Actor(this, "nobody", null).Get("/")).Ok().Text, StringComparison.Ordinal));

        await File.WriteAllTextAsync(keys, "no key");
        var (code, said) = await Run("serve", "--ws-dir", folder, "--port", $"{port}", "--tls-certs", certs, "--tls-key", keys);
        Assert.Equal(2, code);
        Assert.Contains($"REMIX_CLOUD_TLS_KEY is '{keys}'", said, StringComparison.Ordinal);
        (code, said) = await Run("serve", "--ws-dir", folder, "--tls-certs", certs);
        Assert.Equal(2, code);
        Assert.Contains("REMIX_CLOUD_TLS_KEY", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_keeps_it_from_starting_is_said_in_the_words_of_its_options()
    {
        BaseUrl = $"http://127.0.0.1:{port}";
        await Serving([], async () =>
        {
            var (code, said) = await Run("serve", "--ws-dir", folder, "--port", $"{Ports.Free()}");
            Assert.Equal(1, code);
            Assert.Contains("another server is running", said, StringComparison.Ordinal);
            Assert.Contains("--ws-dir DIR", said, StringComparison.Ordinal);
            (code, said) = await Run("serve", "--ws-dir", Path.Combine(folder, "other"), "--port", $"{port}");
            Assert.Equal(1, code);
            Assert.Contains("choose another port: --port N", said, StringComparison.Ordinal);
        });
        var file = Path.Combine(folder, "a-file");
        await File.WriteAllTextAsync(file, "");
        Assert.Contains("Name another one: --ws-dir DIR", (await Run("serve", "--ws-dir", file)).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_that_cannot_be_written_and_a_server_that_is_not_trusted_are_said_plainly()
    {
        BaseUrl = $"http://127.0.0.1:{port}";
        await Serving([], async () =>
        {
            var token = await MakeToken("--sub", "ann");
            (await new Actor(this, "ann", token).Post("/ws", new { name = "ws1" })).Ok(201);
            string[] export = ["export", "ws1", "--token", token, "--server"];
            Assert.Contains($"{folder} is a folder", await Refused([.. export, BaseUrl, "-o", folder]), StringComparison.Ordinal);
            Assert.Contains("There is no folder", await Refused([.. export, BaseUrl, "-o", $"{folder}/no/x"]), StringComparison.Ordinal);
            Assert.DoesNotContain("at Remix", await Refused([.. export, BaseUrl, "-o", "/proc/x"]), StringComparison.Ordinal);
            Assert.Contains("No secure connection", await Refused([.. export, $"https://127.0.0.1:{port}"]), StringComparison.Ordinal);
        });
    }

    private async Task<string> Refused(params string[] words)
    {
        var (code, said) = await Run(words);
        Assert.InRange(code, 1, 2);
        Assert.DoesNotContain("Unhandled exception", said, StringComparison.Ordinal);
        return said;
    }

    [Fact]
    public async Task A_token_that_cannot_be_made_is_not()
    {
        Assert.Contains("only a server on it knows of this", (await Run("mktoken", "--ws-dir", Path.Combine(folder, "mistyped"), "--sub", "a")).Said,
            StringComparison.Ordinal);
        Assert.Equal(2, (await Run("mktoken", "--ws-dir", folder)).Code);
        Assert.Equal(2, (await Run("mktoken", "--ws-dir", folder, "--sub", "")).Code);
        Assert.Equal(2, (await Run("mktoken", "--ws-dir", folder, "--sub", "a", "--email", "nonsense")).Code);
        Assert.Equal(2, (await Run("mktoken", "--ws-dir", folder, "--sub", "a", "--days", "0")).Code);
        Assert.Equal(2, (await Run("serve", "--port", "1")).Code);
    }

    [Theory]
    [InlineData("{\"name\":\"a b\"}", "[]", "'a b' is no name for an app")]
    [InlineData("{\"name\":\"../a\"}", "[]", "'../a' is no name for an app")]
    [InlineData("{\"name\":\"a_rmx_b\"}", "[]", "'a_rmx_b' is no name for an app")]
    [InlineData("{\"name\":\"shop\"}", "{}", "records/goods/1.json is no list of records")]
    [InlineData("{\"name\":\"shop\"}", "[", "records/goods/1.json is no list of records")]
    public async Task A_folder_that_the_cloud_would_refuse_is_not_packed(string about, string records, string problem)
    {
        var root = Directory.CreateDirectory(Path.Combine(folder, "app")).FullName;
        Directory.CreateDirectory(Path.Combine(root, "records", "goods"));
        await File.WriteAllTextAsync(Path.Combine(root, "app.json"), about);
        await File.WriteAllTextAsync(Path.Combine(root, "records", "goods", "1.json"), records);
        var package = Path.Combine(folder, "a.remix");
        var (code, said) = await Run("pack", root, "-o", package);
        Assert.Equal(2, code);
        Assert.Contains(problem, said, StringComparison.Ordinal);
        Assert.False(File.Exists(package));
    }

    private async Task Serving(string[] options, Func<Task> meanwhile)
    {
        using var client = Process.Start(Start(["serve", "--ws-dir", folder, "--port", $"{port}", .. options]))!;
        var said = client.StandardOutput.ReadToEndAsync();
        await Patience.Until(async () => !client.HasExited && await IsUp(), isUp => isUp, 40);
        await meanwhile();
        using (var kill = Process.Start("kill", ["-TERM", $"{client.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        await client.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(client.ExitCode == 0, await said);
        Assert.False(await IsUp());
    }

    private async Task<bool> IsUp()
    {
        try
        {
            return (await Http.GetAsync(new Uri(BaseUrl + "/"))).StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<string> MakeToken(params string[] options)
    {
        using var client = Process.Start(Start(["mktoken", "--ws-dir", folder, .. options]))!;
        var token = (await client.StandardOutput.ReadToEndAsync()).Trim();
        await client.WaitForExitAsync();
        Assert.True(client.ExitCode == 0 && token.Split('.').Length == 3, token);
        return token;
    }

    private async Task<(int Code, string Said)> Run(params string[] words)
    {
        using var client = Process.Start(Start(words))!;
        var (said, errors) = (client.StandardOutput.ReadToEndAsync(), client.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await client.WaitForExitAsync(patience.Token);
        return (client.ExitCode, await said + await errors);
    }

    private static ProcessStartInfo Start(string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "remix.dll"), "cloud", .. words])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("REMIX_DATABASE");
        start.Environment.Remove("REMIX_SERVER_DLL");
        return start;
    }
}
