using System.CommandLine;
using System.Security.Cryptography;
using Tessera.Cards.Biometrics;
using Tessera.VirtualCard.Biometrics;

namespace Tessera.Cli;

/// <summary><c>tessera finger</c>: fingers in software, for cards and terminals in software.</summary>
internal static class FingerCommand
{
    public static Command Create() => new("finger", "A finger that nobody has, for trying out.") { New() };

    private static Command New()
    {
        var path = new Argument<string>("file") { Description = "Where its template goes; nothing must be there." };
        var number = new Option<long?>("--number")
        {
            Description = "Which finger: of one number it is always the same. Without it, one that was never made before.",
            HelpName = "number",
        };
        var press = new Option<int?>("--press")
        {
            Description = "As it is laid on a reader for the so-manieth time, a little otherwise each time; without it as it "
                + "is enrolled.",
            HelpName = "count",
        };
        var command = new Command(
            "new", "Write the template of a synthetic finger (docs/protocols/finger.md). Example: tessera finger new "
            + "finger.tpl --number 17")
        {
            path, number, press,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var of = parsed.GetValue(number) ?? BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
            var finger = new SyntheticFinger(of);
            using var template = parsed.GetValue(press) is { } laid ? finger.Lay(laid) : finger.Enrol();
            await WriteAsync(parsed.GetRequiredValue(path), template, cancel);
            Console.WriteLine($"Synthetic finger {of}, {template.Count} minutiae.");
        });
        return command;
    }

    /// <summary>For its owner's eyes only, as a real one would be.</summary>
    private static async Task WriteAsync(string path, FingerTemplate template, CancellationToken cancel)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new FileStream(path, options);
        await file.WriteAsync(template.Reveal().ToArray(), cancel);
    }
}
