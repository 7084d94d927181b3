using Tessera.Cards;
using Tessera.VirtualCard.Files;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Sim;
using Tessera.Wire;

namespace Tessera.VirtualCard.Os;

/// <summary>The operating system of a card in software: one command in, its answer out (ISO/IEC 7816-4).</summary>
/// <remarks>
/// Any octets are answered. Only a medium that fails throws (<see cref="IOException"/>): such a card is mute until it
/// is opened again, as one that lost its power in the middle of a command.
/// </remarks>
public sealed class CardOs : IDisposable
{
    private readonly Lock _oneAtATime = new();
    private readonly CardMemory _memory;
    private readonly CardPrograms _programs;
    private readonly LogicalChannels _contacts;
    private readonly SimApplication? _sim;

    /// <param name="sim">What answers class A0; null on a card that is no SIM.</param>
    internal CardOs(CardMemory memory, CardPrograms programs, SimApplication? sim = null)
    {
        (_memory, _programs, _sim) = (memory, programs, sim);
        _contacts = new LogicalChannels(programs);
        Atr = TesseraAtr.Of(sim is not null, programs.Files is FileSystem);
    }

    public CardId Id => _programs.Id;

    /// <summary>Answer to reset, always the same.</summary>
    public Bytes Atr { get; }

    /// <summary>It answers class A0 (3GPP TS 51.011) beside its applets.</summary>
    public bool IsSim => _sim is not null;

    public bool IsPowered { get; private set; }

    /// <summary>Cold or warm reset: everything volatile is as after personalisation.</summary>
    /// <returns>Answer to reset.</returns>
    public Bytes Reset()
    {
        lock (_oneAtATime)
        {
            Forget();
            IsPowered = true;
            return Atr;
        }
    }

    public void PowerOff()
    {
        lock (_oneAtATime)
        {
            Forget();
            IsPowered = false;
        }
    }

    /// <summary>Executes one command. A card without power answers 6F00.</summary>
    /// <param name="command">A C-APDU, or anything else.</param>
    /// <returns>An R-APDU.</returns>
    /// <exception cref="IOException">The medium of the image failed.</exception>
    public Bytes Transmit(ReadOnlySpan<byte> command)
    {
        lock (_oneAtATime)
        {
            if (!IsPowered) return Bytes.Of(StatusWord.NoPreciseDiagnosis);
            if (!TryRead(command, out var apdu)) return Bytes.Of(_contacts.Refuse(StatusWord.WrongLength));
            try
            {
                return Bytes.Of(Execute(ref apdu));
            }
            finally
            {
                apdu.Data.Erase();
            }
        }
    }

    /// <summary>Closes the image; what RAM held is erased.</summary>
    public void Dispose()
    {
        PowerOff();
        _memory.Dispose();
    }

    private ResponseApdu Execute(ref CommandApdu command) =>
        _sim is not null && command.Cla == SimApplication.Class && !_programs.IsTerminated
            ? _sim.Execute(command)
            : _contacts.Execute(ref command);

    /// <summary>False where the octets are no C-APDU.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> octets, out CommandApdu command)
    {
        try
        {
            var reader = new ByteReader(octets);
            command = CommandApdu.Read(ref reader);
            return reader.Remaining == 0;
        }
        catch (WireFormatException)
        {
            command = new CommandApdu(0, 0, 0, 0);
            return false;
        }
    }

    private void Forget()
    {
        _contacts.Forget();
        _sim?.Forget();
        _programs.Forget();
    }
}
