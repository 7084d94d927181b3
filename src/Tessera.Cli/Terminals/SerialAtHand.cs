using System.CommandLine;
using System.Globalization;
using Tessera.Terminal.Serial.Ends;
using Tessera.Terminal.Serial.Ports;

namespace Tessera.Cli.Terminals;

/// <summary>A serial port of this machine and what is known of its line.</summary>
internal sealed class SerialAtHand
{
    private readonly string _path;

    /// <exception cref="FormatException">No port has that speed.</exception>
    /// <exception cref="IOException">It is not there, is no serial port, or is used by another program.</exception>
    public SerialAtHand(string path, ParseResult parsed)
    {
        var speed = parsed.GetRequiredValue(SpeedOption);
        if (!SerialPort.AllSpeeds.Contains(speed))
            throw new FormatException(string.Create(
                CultureInfo.InvariantCulture, $"--speed is one of {string.Join(", ", SerialPort.AllSpeeds)}, not {speed}."));
        (_path, Line) = (path, new SerialOptions { BitRate = speed, HalfDuplex = parsed.GetValue(HalfDuplexOption) });

        // A port that is not there at the start is a mistake; one that goes away later comes back.
        Open().Dispose();
    }

    public static Option<int> SpeedOption { get; } = new("--speed")
    {
        Description = "Bits a second of the serial port; the same at both ends.",
        HelpName = "bit/s",
        DefaultValueFactory = _ => 115_200,
    };

    public static Option<bool> HalfDuplexOption { get; } = new("--half-duplex")
    {
        Description = "One side speaks at a time, as through infrared; the same at both ends.",
    };

    public SerialOptions Line { get; }

    /// <inheritdoc cref="SerialPort.Open"/>
    public Stream Open() => SerialPort.Open(_path, Line.BitRate);
}
