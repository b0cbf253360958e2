using System.Net;
using System.Net.Sockets;
using Remix.Platform.Http.Outbound;
using Remix.Platform.Settings;
using Remix.Tests.Support;

namespace Remix.Tests.Platform;

public class OutboundTests
{
    [Theory]
    [InlineData("https://example.org/hook")]
    [InlineData("http://example.org:8080/hook?x=%20#part")]
    [InlineData("HTTPS://Example.org")]
    [InlineData("http://8.8.8.8/")]
    [InlineData("http://[2606:4700::1111]:8443/")]
    [InlineData("http://[::ffff:8.8.8.8]/")]
    [InlineData("https://xn--bcher-kva.example/")]
    public async Task What_is_public_may_be_called(string url) => Assert.Null(await Guard().Refusal(url));

    [Theory]
    [InlineData("http://localhost/")]
    [InlineData("http://LOCALHOST:80/")]
    [InlineData("http://art-1.localhost/")]
    [InlineData("http://printer/")]
    [InlineData("http://printer.local/")]
    [InlineData("http://metadata.google.internal/")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://127.9.9.9/")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://10.1.2.3/")]
    [InlineData("http://172.16.0.1/")]
    [InlineData("http://172.31.255.255/")]
    [InlineData("http://192.168.1.1/")]
    [InlineData("http://100.64.0.1/")]
    [InlineData("http://100.127.255.254/")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://192.0.0.192/")]
    [InlineData("http://198.18.0.1/")]
    [InlineData("http://192.0.2.1/")]
    [InlineData("http://224.0.0.1/")]
    [InlineData("http://255.255.255.255/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0x7f.0.0.1/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://017700000001/")]
    [InlineData("http://127.1/")]
    [InlineData("http://127.0.1/")]
    [InlineData("http://127.0.0.01/")]
    [InlineData("http://0x7f.1/")]
    [InlineData("http://0/")]
    [InlineData("http://0x/")]
    [InlineData("http://1.2.3.4.5/")]
    [InlineData("http://256.256.256.256/")]
    [InlineData("http://3232235777/")]
    [InlineData("http://127.0.0.1./")]
    [InlineData("http://example.org./")]
    [InlineData("http://localhost./")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::]/")]
    [InlineData("http://[0:0:0:0:0:0:0:1]/")]
    [InlineData("http://[::127.0.0.1]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://[::ffff:0:127.0.0.1]/")]
    [InlineData("http://[0:0:0:0:0:ffff:a9fe:a9fe]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fe80::1%25eth0]/")]
    [InlineData("http://[fec0::1]/")]
    [InlineData("http://[fc00::1]/")]
    [InlineData("http://[fd00:ec2::254]/")]
    [InlineData("http://[ff02::1]/")]
    [InlineData("http://[64:ff9b::7f00:1]/")]
    [InlineData("http://[64:ff9b::169.254.169.254]/")]
    [InlineData("http://[64:ff9b:1::10.0.0.1]/")]
    [InlineData("http://[2002:7f00:1::]/")]
    [InlineData("http://[2001:0:7f00:1::]/")]
    [InlineData("http://[2001:db8::1]/")]
    [InlineData("http://[100::1]/")]
    [InlineData("http://user@example.org/")]
    [InlineData("http://user:secret@example.org/")]
    [InlineData("http://@example.org/")]
    [InlineData("http://example.org@127.0.0.1/")]
    [InlineData("http://127.0.0.1\\@example.org/")]
    [InlineData("http:\\\\127.0.0.1/")]
    [InlineData("http:/127.0.0.1/")]
    [InlineData("http://exa mple.org/")]
    [InlineData(" http://example.org/")]
    [InlineData("http://example.org/\t")]
    [InlineData("http://127.0.0.%31/")]
    [InlineData("http://%6c%6fcalhost/")]
    [InlineData("http://１２７.0.0.1/")]
    [InlineData("http://127。0。0。1/")]
    [InlineData("http://ⓛocalhost/")]
    [InlineData("http://.example.org/")]
    [InlineData("http://a..b.org/")]
    [InlineData("http:///hook")]
    [InlineData("http://:80/")]
    [InlineData("http://example.org:99999/")]
    [InlineData("http://example.org:0/")]
    [InlineData("ftp://example.org/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("//example.org/")]
    [InlineData("example.org")]
    [InlineData("javascript:alert(1)")]
    [InlineData("gopher://127.0.0.1:70/")]
    [InlineData("http://inside.example.org/")]
    [InlineData("http://mixed.example.org/")]
    [InlineData("http://mapped.example.org/")]
    [InlineData("http://nat64.example.org/")]
    public async Task What_is_inside_is_refused_however_it_is_spelt(string url) => Assert.NotNull(await Guard().Refusal(url));

    [Fact]
    public async Task A_name_that_means_something_inside_later_is_not_connected_to()
    {
        var answers = new Queue<string>(["93.184.216.34", "127.0.0.1"]);
        var guard = new OutboundGuard(new RemixSettings(), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(answers.Dequeue())]));
        Assert.Null(await guard.Refusal("http://rebinding.example.org/"));

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var http = new OutboundHttp(guard);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://rebinding.example.org:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        var refusal = await Assert.ThrowsAsync<HttpRequestException>(() => http.Send(request, CancellationToken.None));
        Assert.IsType<OutboundRefusedException>(refusal.InnerException);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task Of_many_addresses_only_the_public_ones_are_called() =>
        Assert.Equal(["93.184.216.34"], (await Guard().Allowed("mixed.example.org", CancellationToken.None)).Select(address => address.ToString()));

    [Theory]
    [InlineData("inside.example.org", "http://inside.example.org/", true)]
    [InlineData("inside.example.org", "http://10.0.0.7/", false)]
    [InlineData("10.0.0.0/8", "http://inside.example.org/", true)]
    [InlineData("10.0.0.0/8", "http://10.255.0.1/", true)]
    [InlineData("10.0.0.0/8", "http://[::ffff:10.0.0.1]/", true)]
    [InlineData("10.0.0.0/8", "http://192.168.0.1/", false)]
    [InlineData("127.0.0.1,::1", "http://localhost:99/", true)]
    [InlineData("127.0.0.1", "http://localhost:99/", false)]
    [InlineData("localhost", "http://localhost:99/", true)]
    [InlineData("localhost", "http://127.0.0.1/", false)]
    [InlineData("127.0.0.0/8", "http://0x7f000001/", false)]
    public async Task The_operator_opens_hosts_and_ranges(string opened, string url, bool may)
    {
        var settings = SettingsReader.Read([], name => name == SettingNames.AllowPrivateHosts ? opened : null);
        Assert.Equal(may, await Guard(settings).Refusal(url) is null);
    }

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("http://x")]
    [InlineData("a b")]
    [InlineData("*")]
    public void What_opens_nothing_is_said_at_the_start(string opened) =>
        Assert.Single(Assert.Throws<SettingsException>(() =>
            SettingsReader.Read([], name => name == SettingNames.AllowPrivateHosts ? opened : null)).Problems);

    [Fact]
    public async Task No_redirect_is_followed()
    {
        await using var receiver = await Receiver.Start(_ => (302, "http://127.0.0.1/elsewhere"));
        var settings = SettingsReader.Read([], name => name == SettingNames.AllowPrivateHosts ? "127.0.0.1" : null);
        using var http = new OutboundHttp(Guard(settings));
        using var request = new HttpRequestMessage(HttpMethod.Get, receiver.Url);
        using var answer = await http.Send(request, CancellationToken.None);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Single(receiver.Calls);
    }

    private static OutboundGuard Guard(RemixSettings? settings = null) => new(settings ?? new RemixSettings(), (host, _) => Task.FromResult(
        (host switch
        {
            "localhost" => new[] { "127.0.0.1", "::1" },
            "inside.example.org" => ["10.0.0.7"],
            "mixed.example.org" => ["93.184.216.34", "10.0.0.7"],
            "mapped.example.org" => ["::ffff:127.0.0.1"],
            "nat64.example.org" => ["64:ff9b::10.0.0.1"],
            "metadata.google.internal" => ["169.254.169.254"],
            _ => ["93.184.216.34"],
        }).Select(IPAddress.Parse).ToArray()));
}
