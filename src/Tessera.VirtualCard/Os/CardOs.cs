using Tessera.Cards;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.SecureChannels;
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
    private readonly CardLife _life;
    private readonly Func<CardLife, CardBody> _compose;
    private CardPrograms _programs;
    private LogicalChannels _contacts;
    private SimApplication? _sim;

    /// <param name="compose">Makes programs of the memory: now, and at a reset when its life has gone on.</param>
    internal CardOs(CardMemory memory, CardLife life, Func<CardLife, CardBody> compose)
    {
        (_memory, _life, _compose) = (memory, life, compose);
        (_programs, _sim) = compose(life);
        _contacts = new LogicalChannels(_programs);
        IsSim = memory.Has(CellId.Chv1);
        Atr = TesseraAtr.Of(IsSim, memory.Pages > 0);
    }

    public CardId Id => _programs.Id;

    /// <summary>Answer to reset, always the same.</summary>
    public Bytes Atr { get; }

    /// <summary>It answers class A0 (3GPP TS 51.011) beside its applets.</summary>
    public bool IsSim { get; }

    public bool IsPowered { get; private set; }

    /// <summary>Cold or warm reset: everything volatile is as after personalisation.</summary>
    /// <returns>Answer to reset.</returns>
    public Bytes Reset()
    {
        lock (_oneAtATime)
        {
            Forget();
            if (_life.HasChanged) Compose();
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

    private void Compose()
    {
        (_programs, _sim) = _compose(_life);
        _contacts = new LogicalChannels(_programs);
        _life.Show();
    }

    private void Forget()
    {
        _contacts.Forget();
        _sim?.Forget();
        _programs.Forget();
    }
}

/// <summary>What a card is, composed from its memory.</summary>
/// <param name="Sim">What answers class A0; null on a card that is no SIM.</param>
internal sealed record CardBody(CardPrograms Programs, SimApplication? Sim);
