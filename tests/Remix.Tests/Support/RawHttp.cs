using System.Net.Sockets;
using System.Text;

namespace Remix.Tests.Support;

/// <summary>Bytes on a connection, for requests that no client would make.</summary>
internal static class RawHttp
{
    /// <summary>The status that these bytes are answered with; 0 when the connection ends without an answer.</summary>
    public static async Task<int> Status(IServerAddress server, string request) => StatusOf(await Send(server, Encoding.Latin1.GetBytes(request)));

    public static int StatusOf(string answer) => answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(answer[9..12]) : 0;

    /// <summary>Sends the bytes, closes this side when asked to, and reads what comes until the other side ends or is silent.</summary>
    public static async Task<string> Send(IServerAddress server, byte[] request, bool closeAtOnce = false)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("localhost", new Uri(server.BaseUrl).Port);
        var stream = client.GetStream();
        await stream.WriteAsync(request);
        if (closeAtOnce)
        {
            client.Client.Shutdown(SocketShutdown.Send);
        }

        var answer = new StringBuilder();
        var buffer = new byte[8192];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, patience.Token)) > 0)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It was cut off; what came before is the answer.
        }

        return answer.ToString();
    }
}
