using System.CommandLine;
using System.Globalization;
using Tessera.Cards.Identity;
using Tessera.Platform.Signing;

namespace Tessera.Cli.Signing;

/// <summary><c>tessera evidence</c>: what cards have signed, checked without the server that filed it.</summary>
internal static class EvidenceCommand
{
    private static readonly Argument<FileInfo> File = new("file")
    {
        Description = "A file of evidence, as /evidence of a server gives it.",
    };

    private static readonly Option<string?> Trust = new("--trust")
    {
        Description = "Folder with certificates of authorities and revocation lists; without it, who signed stays open.",
        HelpName = "folder",
    };

    private static readonly Option<RevocationCheck> Revocation = new("--revocation")
    {
        Description = "How far revocation is looked into, by the lists of the folder and of the file: chain, leaf or none.",
        DefaultValueFactory = _ => RevocationCheck.Chain,
    };

    private static readonly Option<string?> Out = new("--out")
    {
        Description = "Writes statement.bin, signature.bin and certificate.der into this folder, for other programs.",
        HelpName = "folder",
    };

    public static Command Create() => new("evidence", "What cards have signed, checked without a server.")
    {
        Verify(), Show(),
    };

    private static Command Verify()
    {
        var command = new Command(
            "verify",
            "Check a file by itself: exit code 0 if it holds, 1 with the reason if not. " +
            "Example: tessera evidence verify evidence.json --trust authorities")
        {
            File, Trust, Revocation, Verb.Json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var file = await ReadAsync(parsed.GetRequiredValue(File), cancel);
            using var trust = parsed.GetValue(Trust) is { } folder ? await TrustStore.LoadAsync(folder, cancel) : null;
            var verdict = EvidenceCheck.Check(file, trust, parsed.GetValue(Revocation));
            if (parsed.GetValue(Verb.Json))
                Verb.PrintJson(new
                {
                    verdict.Holds, verdict.Faults, trusted = verdict.Trust?.IsTrusted, evidence = Report.Of(file),
                });
            else if (verdict.Holds)
                Print(file, verdict.Trust is null ? "The signature holds; nobody said whom to believe (--trust)." : "It holds.");
            if (verdict.Holds) return 0;
            return parsed.GetValue(Verb.Json) ? 1 : Verb.Fail($"It does not hold: {string.Join("; ", verdict.Faults)}.");
        });
        return command;
    }

    private static Command Show()
    {
        var command = new Command(
            "show", "Print what a file says, unchecked. Example: tessera evidence show evidence.json --out parts")
        {
            File, Out, Verb.Json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var file = await ReadAsync(parsed.GetRequiredValue(File), cancel);
            if (parsed.GetValue(Out) is { } folder) await WriteAsync(file, folder, cancel);
            if (parsed.GetValue(Verb.Json)) Verb.PrintJson(Report.Of(file));
            else Print(file, "Not checked: see tessera evidence verify.");
            return 0;
        });
        return command;
    }

    private static async Task<EvidenceFile> ReadAsync(FileInfo file, CancellationToken cancel)
    {
        if (file.Exists && file.Length > EvidenceFile.MaxLength)
            throw new InvalidDataException($"{file.Name} has {file.Length} octets, above {EvidenceFile.MaxLength}.");
        return EvidenceFile.Read(await System.IO.File.ReadAllBytesAsync(file.FullName, cancel));
    }

    private static async Task WriteAsync(EvidenceFile file, string folder, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, octets) in ((string, Wire.Bytes)[])
            [("statement.bin", file.Statement), ("signature.bin", file.Signature), ("certificate.der", file.Certificate)])
            await System.IO.File.WriteAllBytesAsync(Path.Combine(folder, name), octets.ToArray(), cancel);
    }

    private static void Print(EvidenceFile file, string verdict)
    {
        var report = Report.Of(file);
        Console.WriteLine($"Evidence     {report.Id}");
        Console.WriteLine($"Signed by    {report.Signer}");
        var time = report.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        Console.WriteLine($"Time         {time} UTC, by the server");
        Console.WriteLine($"Confirmed    by {(report.Confirmed is "pin" ? "PIN" : report.Confirmed)}");
        Console.WriteLine($"Card         {(report.Card.Length > 0 ? report.Card : "told no id")}");
        Console.WriteLine($"Terminal     {report.Terminal}, display of {file.Columns} x {file.Rows} characters");
        Console.WriteLine($"Server       {report.Server}, application {report.Application}");
        Console.WriteLine("Shown");
        foreach (var line in report.Shown.SelectMany(text => text.Split('\n').Append("")))
            Console.WriteLine(line.Length == 0 ? "  ----" : $"  {Visible(line)}");
        Console.WriteLine(verdict);
    }

    /// <summary>Terminals obey control characters, and whoever wrote the file may be nobody's friend.</summary>
    private static string Visible(string line) => string.Concat(line.Select(c => char.IsControl(c) ? '?' : c));

    private sealed record Report(
        string Id, string Signer, DateTimeOffset Time, string Confirmed, string Card, string Terminal, string Server,
        string Application, string Session, IReadOnlyList<string> Shown)
    {
        public static Report Of(EvidenceFile file) => new(
            file.Id.ToString(), file.Signer, file.Time, file.Confirmed, file.Card.ToString(), file.Terminal.ToString(),
            file.Server.ToString(), Visible(file.Application), file.Session.ToString(), file.Shown);
    }
}
