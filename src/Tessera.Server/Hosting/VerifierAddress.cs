using System.Globalization;
using Tessera.Toolkit.Verifiers;

namespace Tessera.Server.Hosting;

/// <summary>The verifier of a server and where it is asked.</summary>
public sealed record VerifierAddress(VerifierKey Key, string Host, int Port)
{
    /// <param name="path">The file that the verifier published.</param>
    /// <param name="at">Host and port.</param>
    /// <exception cref="FormatException">One of them is not of its kind.</exception>
    /// <exception cref="IOException">The file is not there.</exception>
    public static VerifierAddress Parse(string path, string at)
    {
        var colon = at.LastIndexOf(':');
        return colon > 0 && int.TryParse(at[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= ushort.MaxValue
            ? new VerifierAddress(VerifierKey.Load(path), at[..colon].Trim('[', ']'), port)
            : throw new FormatException($"--verifier-at is like 127.0.0.1:5543, not '{at}'.");
    }
}
