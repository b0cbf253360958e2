namespace Remix.JsRuntime.Slots;

/// <summary>The names in a slot's directory, short because a socket's whole path has room for a hundred letters.</summary>
internal static class SlotFiles
{
    /// <summary>Where the process listens.</summary>
    public const string Run = "run.sock";

    /// <summary>How requests to it are addressed; the socket is what decides.</summary>
    public const string Address = "http://slot/";

    /// <summary>Marks a request that asks only whether the event loop turns.</summary>
    public const string PingHeader = "x-remix-ping";

    public static void Delete(string directory)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start of the server sweeps it.
        }
    }
}
