namespace Remix.JsRuntime.Workers.Objects;

/// <summary>What a bucket does not do; the code is the one that R2 has for it, by which the binding knows some of them.</summary>
internal sealed class R2Exception(int status, int code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public int Code { get; } = code;

    /// <summary>The object whose state was against it.</summary>
    public R2Object? Found { get; private init; }

    public static R2Exception NoSuchKey() => new(404, 10007, "The specified key does not exist.");

    public static R2Exception PreconditionFailed(R2Object? found) =>
        new(412, 10031, "At least one of the pre-conditions you specified did not hold.") { Found = found };

    public static R2Exception BadName() => new(400, 10020, $"A key is 1 to {R2Request.KeyBytesMax} bytes.");

    public static R2Exception BadLimit() => new(400, 10022, $"A list has 1 to {R2Listing.PageMax} objects.");

    public static R2Exception TooLarge() => new(400, 100100, $"An object, or a part of one, is at most {R2Bodies.BytesMax} bytes.");

    public static R2Exception TooMuchMetadata() => new(400, 10012, $"Metadata is at most {R2Request.MetadataBytesMax} bytes.");

    public static R2Exception BadDigest(string algorithm) =>
        new(400, 10037, $"The {algorithm} checksum you specified did not match what we received.");

    public static R2Exception BadRange() => new(416, 10039, "The requested range is not satisfiable");

    public static R2Exception NoSuchUpload() => new(400, 10024, "The specified multipart upload does not exist.");

    public static R2Exception NoSuchPart() => new(400, 10025, "One or more of the specified parts could not be found.");

    public static R2Exception NotUnderstood() => new(400, 10029, "This request is not understood.");

    public static R2Exception Full() => new(507, 10001, $"The bucket is full: it holds at most {R2Index.BytesMax} bytes.");

    public static R2Exception Busy() => new(500, 10001, "The bucket cannot do this now. Please try again.");
}
