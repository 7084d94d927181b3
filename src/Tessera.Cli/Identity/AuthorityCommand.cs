using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards.Identity;
using Tessera.Cli.Issuing;
using Tessera.Storage.Authorities;
using Tessera.Wire;

namespace Tessera.Cli.Identity;

/// <summary><c>tessera authority</c>: the built-in authority for the certificates of cards.</summary>
internal static class AuthorityCommand
{
    private const int MaxRequest = 64 * 1024;
    private const string RequestLabel = "CERTIFICATE REQUEST";

    private static readonly Option<int> Days = new("--days")
    {
        Description = "How long the certificate is good.", HelpName = "days", DefaultValueFactory = _ => 3 * 365,
    };

    public static Command Create() => new("authority", "The built-in authority: certificates for cards, and those taken back.")
    {
        New(), Show(), Issue(), Revoke(), Crl(),
    };

    /// <summary>The authority in the data folder of a server, and who works with it.</summary>
    public static Task<AuthorityFolder> OpenAsync(IssuerAtHand issuer, CancellationToken cancel) =>
        AuthorityFolder.OpenAsync(AuthorityFolder.In(issuer.Folder), TimeProvider.System, cancel);

    /// <summary>Issues, and logs it before.</summary>
    public static async Task<X509Certificate2> IssueAsync(
        IssuerAtHand issuer, Bytes request, byte reference, int days, string? subject, CancellationToken cancel)
    {
        if (days is < 1 or > Authority.Years * 366) throw new FormatException($"--days is 1 or more, not {days}.");
        using var authority = await OpenAsync(issuer, cancel);
        await issuer.ActAsync("authority.issue", subject ?? "as asked", $"key {reference:X2}, {days} days", cancel);
        return await authority.IssueAsync(request, reference, TimeSpan.FromDays(days), subject, cancel);
    }

    private static Command New()
    {
        var name = new Option<string>("--subject")
        {
            Description = "The name of the authority.", HelpName = "name", DefaultValueFactory = _ => "CN=Tessera Cards",
        };
        var command = new Command(
            "new",
            "Make an authority in the data folder of a server; who trusts it reads DATA/authority. "
            + "Example: tessera authority new --data data --subject \"CN=Town cards\"")
        {
            IssuerAtHand.Data, IssuerAtHand.Operator, name, Verb.Json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            await using var issuer = await IssuerAtHand.OpenAsync(parsed, cancel);
            var subject = parsed.GetRequiredValue(name);
            CertificateName.Parse(subject);
            await issuer.ActAsync("authority.new", subject, "", cancel);
            await AuthorityFolder.CreateAsync(AuthorityFolder.In(issuer.Folder), subject, TimeProvider.System, cancel);
            using var authority = await OpenAsync(issuer, cancel);
            AuthorityReport.Of(authority).Print(parsed);
        });
        return command;
    }

    private static Command Show()
    {
        var command = new Command(
            "show", "Print the authority and what it issued. Example: tessera authority show --data data")
        {
            IssuerAtHand.Data, Verb.Json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            using var authority = await AuthorityFolder.OpenAsync(
                AuthorityFolder.In(IssuerAtHand.FolderOf(parsed)), TimeProvider.System, cancel);
            AuthorityReport.Of(authority).Print(parsed);
        });
        return command;
    }

    private static Command Issue()
    {
        var request = new Option<FileInfo>("--request")
        {
            Description = "The request of the card, PEM or DER (tessera identity request).", HelpName = "file", Required = true,
        };
        var output = new Option<FileInfo>("--out")
        {
            Description = "Where the certificate goes, PEM.", HelpName = "file", Required = true,
        };
        var subject = new Option<string?>("--subject")
        {
            Description = "Another name than the one that was asked for.", HelpName = "name",
        };
        var command = new Command(
            "issue",
            "Issue a certificate for what a card asked for. "
            + "Example: tessera authority issue --data data --request ada.csr --slot 9A --out ada.crt")
        {
            IssuerAtHand.Data, IssuerAtHand.Operator, request, IdentityCommand.Slot, subject, Days, output, Verb.Json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var asked = await ReadRequestAsync(parsed.GetRequiredValue(request), cancel);
            await using var issuer = await IssuerAtHand.OpenAsync(parsed, cancel);
            using var certificate = await IssueAsync(
                issuer, asked, IdentityCommand.ReferenceOf(parsed), parsed.GetValue(Days), parsed.GetValue(subject), cancel);
            await File.WriteAllTextAsync(
                parsed.GetRequiredValue(output).FullName, certificate.ExportCertificatePem() + "\n", cancel);
            Print(parsed, certificate);
        });
        return command;
    }

    private static Command Revoke()
    {
        var serial = new Option<string>("--serial")
        {
            Description = "The number of the certificate (tessera authority show).", HelpName = "hex", Required = true,
        };
        var reason = new Option<X509RevocationReason>("--reason")
        {
            Description = "Why.", DefaultValueFactory = _ => X509RevocationReason.Unspecified,
        };
        var command = new Command(
            "revoke",
            "Take a certificate back, for good, and issue the list that says so. "
            + "Example: tessera authority revoke --data data --serial 5F21... --reason KeyCompromise")
        {
            IssuerAtHand.Data, IssuerAtHand.Operator, serial, reason, Verb.Json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            await using var issuer = await IssuerAtHand.OpenAsync(parsed, cancel);
            using var authority = await OpenAsync(issuer, cancel);
            var number = Verb.Hex("--serial", parsed.GetRequiredValue(serial)).ToString();
            await issuer.ActAsync("authority.revoke", number, $"{parsed.GetValue(reason)}", cancel);
            await authority.RevokeAsync(number, parsed.GetValue(reason), cancel);
            AuthorityReport.Of(authority).Print(parsed);
        });
        return command;
    }

    private static Command Crl()
    {
        var days = new Option<int>("--days")
        {
            Description = "How long it holds: the next one has to come before.", HelpName = "days",
            DefaultValueFactory = _ => (int)AuthorityFolder.ListHolds.TotalDays,
        };
        var command = new Command(
            "crl",
            "Issue a fresh revocation list, to be done before the last one runs out. "
            + "Example: tessera authority crl --data data --days 7")
        {
            IssuerAtHand.Data, days, Verb.Json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var holds = parsed.GetValue(days);
            if (holds is < 1 or > 366) throw new FormatException($"--days is 1 to 366, not {holds}.");
            using var authority = await AuthorityFolder.OpenAsync(
                AuthorityFolder.In(IssuerAtHand.FolderOf(parsed)), TimeProvider.System, cancel);
            var list = await authority.ListAsync(TimeSpan.FromDays(holds), cancel);
            if (parsed.GetValue(Verb.Json)) Verb.PrintJson(new { list.ThisUpdate, list.NextUpdate, Revoked = list.Count });
            else Console.WriteLine($"Holds until {list.NextUpdate:yyyy-MM-dd HH:mm} UTC, {list.Count} revoked");
        });
        return command;
    }

    private static void Print(ParseResult parsed, X509Certificate2 certificate)
    {
        var subject = CertificateName.Of(certificate.SubjectName);
        if (parsed.GetValue(Verb.Json)) Verb.PrintJson(new { Serial = certificate.SerialNumber, subject });
        else Console.WriteLine($"Certificate {certificate.SerialNumber} for {subject}");
    }

    private static async Task<Bytes> ReadRequestAsync(FileInfo file, CancellationToken cancel)
    {
        if (file.Length > MaxRequest) throw new InvalidDataException($"{file.FullName} is too long for a request.");
        var octets = await File.ReadAllBytesAsync(file.FullName, cancel);
        if (octets is [0x30, ..]) return new Bytes(octets);
        var text = System.Text.Encoding.ASCII.GetString(octets);
        return PemEncoding.TryFind(text, out var fields) && text[fields.Label].EndsWith(RequestLabel, StringComparison.Ordinal)
            ? new Bytes(Convert.FromBase64String(text[fields.Base64Data]))
            : throw new InvalidDataException($"{file.FullName} holds no certificate request.");
    }
}

/// <summary>An authority as people see it.</summary>
internal sealed record AuthorityReport(string Name, DateTimeOffset Until, IReadOnlyList<IssuedCertificate> Issued)
{
    public static AuthorityReport Of(AuthorityFolder authority) => new(
        CertificateName.Of(authority.Certificate.SubjectName),
        new DateTimeOffset(authority.Certificate.NotAfter).ToUniversalTime(), authority.Issued);

    public void Print(ParseResult parsed)
    {
        if (parsed.GetValue(Verb.Json))
        {
            Verb.PrintJson(this);
            return;
        }

        Console.WriteLine($"Authority {Name}, until {Day(Until)}, {Issued.Count} issued");
        foreach (var each in Issued)
        {
            var state = each.Revoked is { } since ? $"revoked {Day(since)} ({each.Reason})" : $"until {Day(each.Until)}";
            Console.WriteLine($"{each.Serial}  {each.Key}  {each.Subject}, {state}");
        }
    }

    private static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
