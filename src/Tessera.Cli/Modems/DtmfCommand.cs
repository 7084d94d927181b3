using System.CommandLine;
using Tessera.Phone.Sound;
using Tessera.Phone.Tones;

namespace Tessera.Cli.Modems;

/// <summary><c>tessera dtmf</c>: the keys of a telephone as sound.</summary>
internal static class DtmfCommand
{
    /// <summary>Milliseconds that a key or a pause may be long.</summary>
    private const int MaxLength = 10_000;

    public static Command Create() => new("dtmf", "Keys of a telephone in sound files.") { Encode(), Decode() };

    private static Command Encode()
    {
        var digits = new Option<string>("--digits") { Description = $"Any of {Dtmf.Keys}.", Required = true };
        var path = new Option<string>("--out") { Description = "WAV file to write.", Required = true };
        var on = Length("--on", "How long each key is held.");
        var off = Length("--off", "The pause behind it.");
        var command = new Command("encode", "Write the sound of keys.") { digits, path, on, off };
        command.SetAction((parsed, cancel) =>
        {
            var keys = parsed.GetRequiredValue(digits);
            if (!keys.All(key => Dtmf.Keys.Contains(key, StringComparison.Ordinal)))
                throw new FormatException($"--digits are of {Dtmf.Keys}.");
            var samples = DtmfGenerator.Samples(keys, new DtmfOptions
            {
                On = TimeSpan.FromMilliseconds(parsed.GetValue(on)),
                Off = TimeSpan.FromMilliseconds(parsed.GetValue(off)),
            });
            return Wav.SaveAsync(parsed.GetRequiredValue(path), samples, cancel);
        });
        return command;
    }

    private static Command Decode()
    {
        var path = new Argument<string>("file") { Description = "WAV file to hear." };
        var command = new Command("decode", "Print the keys heard in a sound.") { path, Verb.Json };
        command.SetAction(async (parsed, cancel) =>
        {
            var detector = new DtmfDetector();
            List<HeardKey> heard = [];
            foreach (var block in (await Wav.LoadAsync(parsed.GetRequiredValue(path), cancel)).Chunk(AudioBlock.Rate))
            {
                detector.Write(block);
                while (detector.TryRead(out var key)) heard.Add(key);
            }

            var keys = string.Concat(heard.Select(key => key.Key));
            if (!parsed.GetValue(Verb.Json)) Console.WriteLine(keys);
            else Verb.PrintJson(new
            {
                Keys = keys, Heard = heard.Select(key => new { key.Key, At = AudioBlock.TimeOf(key.At).TotalSeconds }),
            });
        });
        return command;
    }

    private static Option<int> Length(string name, string description)
    {
        var option = new Option<int>(name)
        {
            Description = description, HelpName = "milliseconds", DefaultValueFactory = _ => 80,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MaxLength)
                result.AddError($"{name} is 1 to {MaxLength} milliseconds.");
        });
        return option;
    }
}
