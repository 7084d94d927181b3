using System.Globalization;
using System.Net;
using System.Text;

namespace Tessera.Server.Hosting;

/// <summary>An SMSC of somebody else, and who the gateway is there.</summary>
/// <param name="SystemId">At most 15 characters.</param>
/// <param name="Password">At most 8 characters; never given on the command line, and never printed.</param>
public sealed record ExternalSmsc(DnsEndPoint Address, string SystemId, string Password)
{
    public const string PasswordVariable = "TESSERA_SMSC_PASSWORD";

    /// <exception cref="FormatException">A value is missing or not of its kind.</exception>
    internal static ExternalSmsc? Read(IConfiguration configuration)
    {
        if (configuration["smsc-password"] is not null)
            throw new FormatException($"A password is given by {PasswordVariable} or --smsc-password-file.");
        if (configuration["smsc"] is not { } address) return null;
        var colon = address.LastIndexOf(':');
        if (colon < 1 || !ushort.TryParse(address[(colon + 1)..], CultureInfo.InvariantCulture, out var port))
            throw new FormatException($"--smsc is HOST:PORT, not '{address}'.");
        return new ExternalSmsc(
            new DnsEndPoint(address[..colon], port),
            configuration["smsc-system-id"] ?? throw new FormatException("--smsc needs --smsc-system-id."),
            PasswordOf(configuration["smsc-password-file"]));
    }

    /// <summary>The password is not printed.</summary>
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"Address = {Address}, SystemId = {SystemId}");
        return true;
    }

    private static string PasswordOf(string? file) => file is not null
        ? File.ReadAllText(file).TrimEnd('\n', '\r')
        : Environment.GetEnvironmentVariable(PasswordVariable)
            ?? throw new FormatException($"--smsc needs {PasswordVariable} or --smsc-password-file.");
}
