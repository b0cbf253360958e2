using System.Net;

namespace Remix.Bench.Servers;

/// <summary>
/// The reference for everything that is served: an nginx of our own on loopback, tuned as one would for static files, with
/// nchan for the fan-out.
/// </summary>
internal sealed class Nginx : IAsyncDisposable
{
    private const string NchanModule = "/usr/lib/nginx/modules/ngx_nchan_module.so";

    private readonly ChildProcess process;
    private readonly DirectoryInfo files;

    private Nginx(ChildProcess process, DirectoryInfo files, int port) => (this.process, this.files, Port) = (process, files, port);

    public int Port { get; }
    public IPEndPoint EndPoint => new(IPAddress.Loopback, Port);
    public Uri Address => new($"http://127.0.0.1:{Port}");

    public static async Task<Nginx> Start(Arena arena)
    {
        var port = Arena.FreePort();
        var home = arena.Directory.CreateSubdirectory("nginx");
        var root = home.CreateSubdirectory("files");
        var config = Path.Combine(home.FullName, "nginx.conf");
        await File.WriteAllTextAsync(config, Config(home, root, port), arena.Stop);
        var nginx = new Nginx(
            ChildProcess.Start(
                Path.Combine(home.FullName, "output.log"), "nginx", ["-p", home.FullName, "-c", config, "-e", "stderr"]),
            root,
            port);
        await nginx.Ready(arena.Stop);
        return nginx;
    }

    /// <summary>Puts bytes where nginx serves them with that content type; answers the address.</summary>
    public Uri Publish(string name, byte[] content, string contentType)
    {
        var folder = contentType.Contains("json", StringComparison.Ordinal) ? "json" : "plain";
        File.WriteAllBytes(Path.Combine(files.CreateSubdirectory(folder).FullName, name), content);
        return new(Address, $"/{folder}/{name}");
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private async Task Ready(CancellationToken stop)
    {
        using var http = new HttpClient();
        for (var attempt = 0; attempt < 200; attempt++)
        {
            process.ThrowIfGone();
            try
            {
                using var response = await http.GetAsync(Address, stop);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(20, stop);
            }
        }

        throw new BenchException("nginx did not start");
    }

    private static string Config(DirectoryInfo home, DirectoryInfo files, int port) => $$"""
        load_module {{NchanModule}};
        worker_processes auto;
        worker_rlimit_nofile 65536;
        daemon off;
        pid {{home.FullName}}/nginx.pid;
        events { worker_connections 16384; }
        http {
          access_log off;
          sendfile on;
          tcp_nopush on;
          tcp_nodelay on;
          keepalive_requests 1000000000;
          open_file_cache max=100 inactive=60s;
          client_body_temp_path {{home.FullName}}/body;
          proxy_temp_path {{home.FullName}}/proxy;
          fastcgi_temp_path {{home.FullName}}/fastcgi;
          uwsgi_temp_path {{home.FullName}}/uwsgi;
          scgi_temp_path {{home.FullName}}/scgi;
          nchan_shared_memory_size 256m;
          types { }
          server {
            listen 127.0.0.1:{{port}} backlog=8192;
            root {{files.FullName}};
            location /json/ { default_type application/json; }
            location /plain/ { default_type "text/plain; charset=utf-8"; }
            location = /pub { nchan_publisher; nchan_channel_id room; nchan_message_buffer_length 1000; nchan_message_timeout 1m; }
            location = /sub { nchan_subscriber websocket; nchan_channel_id room; nchan_subscriber_first_message newest; }
          }
        }
        """;
}
