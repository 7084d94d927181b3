using Tessera.Phone.Modems;
using Tessera.Phone.Sound;

namespace Tessera.Phone.Data;

/// <summary>One step of the ladder: a modem in one of its settings.</summary>
public sealed record LineRung
{
    /// <summary>Rungs have the numbers 1 to 8, the higher the faster.</summary>
    public const byte Last = 8;

    /// <summary>Octets of a frame without data, and about as many as a modem puts around them.</summary>
    private const int SignLength = 24;

    /// <summary>Its number on the wire.</summary>
    public required byte Number { get; init; }

    /// <summary>The modem that hears it.</summary>
    public required ModemMode Modem { get; init; }

    /// <summary>What it carries, in bit/s, for the choice of waiting times.</summary>
    public required int Rate { get; init; }

    /// <summary>Makes a sender: the server is the answerer, whoever called.</summary>
    public required Func<CallSide, IModemSender> CreateSender { get; init; }

    /// <summary>
    /// Octets of a frame at most, 32 to 256: short ones for a slow modem. Default 256, if it can send them.
    /// </summary>
    public int LongestFrame { get; init; } = 256;

    /// <summary>The quality in dB, as the other end hears it, from which it is used.</summary>
    public double Quality { get; init; }

    /// <summary>It is used only while no frame is lost.</summary>
    public bool NeedsCleanLine { get; init; }

    /// <summary>Frames lost behind each other after which the next lower rung is used. Default 2.</summary>
    public int Failures { get; init; } = 2;

    /// <summary>The ends speak one after the other. Default false: both at once.</summary>
    public bool TakesTurns { get; init; }

    /// <summary>How long everything may be lost without the end of data. Default 1 s.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Samples of a loss of everything that data survive.</summary>
    internal long Survived => AudioBlock.SamplesIn(Silence);

    /// <summary>
    /// Samples of silence after which an end gives up: a loss, and around it a frame that was cut, a pause and a frame.
    /// </summary>
    internal long GiveUp => 2 * Survived;

    /// <summary>Samples after which an end that has nothing to say gives a sign of life.</summary>
    internal long KeepAlive => Survived / 5;

    /// <summary>The same, where an end does not hear or is not heard.</summary>
    internal long KeepTrying => KeepAlive / 2;

    /// <summary>Samples without a frame after which an end says that it hears nothing.</summary>
    internal long Unheard => Math.Max(Survived / 2, TimeOf(LongestFrame));

    /// <summary>Samples of a sign of life.</summary>
    internal long Sign => TimeOf(SignLength);

    /// <summary>Samples in which a modem shows whether it passes where another one did not: signs and 800 ms.</summary>
    internal long Trial => (8 * AudioBlock.Rate / 10) + ((TakesTurns ? 4 : 2) * Sign);

    /// <summary>Its bit among the rungs that an end hears.</summary>
    internal byte Bit => (byte)(1 << (Number - 1));

    /// <summary>Samples that so many octets take at its rate.</summary>
    internal long TimeOf(int octets) => (long)octets * 8 * AudioBlock.Rate / Rate;
}
