using System.Text.Json;
using Tessera.Platform.Signing;
using Tessera.Wire;

namespace Tessera.Platform.Sessions;

/// <summary>How results of steps are kept: JSON in UTF-8, octets as hexadecimal digits.</summary>
internal static class SessionJson
{
    /// <summary>Octets of the largest result.</summary>
    public const int MaxResult = 65536;

    private static readonly JsonSerializerOptions Options = new() { Converters = { new BytesConverter() } };

    /// <exception cref="InvalidOperationException">The result is larger than <see cref="MaxResult"/>.</exception>
    public static Bytes Write<T>(T value)
    {
        var octets = JsonSerializer.SerializeToUtf8Bytes(value, Options);
        return octets.Length <= MaxResult
            ? new Bytes(octets)
            : throw new InvalidOperationException($"The result of a step has {octets.Length} octets; {MaxResult} can be kept.");
    }

    public static T Read<T>(Bytes json) => JsonSerializer.Deserialize<T>(json.Span, Options)!;
}
