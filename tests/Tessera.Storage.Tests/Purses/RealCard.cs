using Tessera.Cards;
using Tessera.Cards.Pins;
using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.Wire;
using Xunit;

namespace Tessera.Storage.Tests.Purses;

/// <summary>
/// A card in software whose power may go at any write, and what it really did: each movement as its own log has it.
/// </summary>
internal sealed class RealCard : ICardChannel, IDisposable
{
    public const string Pin = "123456";

    private static readonly Bytes Zero = new(new byte[PurseMac.NonceLength]);

    private readonly MemoryMedium _image = new();
    private readonly List<LoggedMovement> _history = [];
    private readonly List<CommandApdu> _sent = [];
    private TornMedium _medium;
    private CardOs _os;

    public RealCard(CardRegistration registration, MasterKeys masters)
    {
        Registration = registration;
        using (var personalisation = new Personalisation
        {
            Card = registration.Card,
            Keys = CardKeys.Of(masters, registration.Card),
            KeyVersion = masters.Version,
            Pin = PinBlock.OfPin(Pin),
            Puk = PinBlock.OfPuk("12345678"),
            Purse = new PurseTraits(registration.Currency, registration.GreatestBalance),
        })
        {
            CardImage.Create(_image, personalisation);
        }

        (_medium, _os) = PowerUp();
    }

    public CardRegistration Registration { get; }

    public CardId Id => Registration.Card;

    /// <summary>Every movement it committed, by number from 1.</summary>
    public IReadOnlyList<LoggedMovement> History => _history;

    public long Balance => _history.Count == 0 ? 0 : _history[^1].Balance;

    /// <summary>Every command it ever got.</summary>
    public IReadOnlyList<CommandApdu> Sent => _sent;

    /// <summary>The power goes at a write of the next command, if it has as many.</summary>
    public void Endanger(int writes, double part) => _medium.TearAfter(writes, part);

    /// <exception cref="ConnectionLostException">The power went; it is there again, and the purse selected.</exception>
    public ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel)
    {
        if (_sent.Count < 500) _sent.Add(command);
        try
        {
            var answer = Send(command);
            Observe();
            return new ValueTask<ResponseApdu>(answer);
        }
        catch (IOException) when (_medium.IsTorn)
        {
            _os.Dispose();
            (_medium, _os) = PowerUp();
            Observe();
            throw new ConnectionLostException("The power went.");
        }
    }

    /// <summary>The answer, or null where the power went.</summary>
    public async Task<ResponseApdu?> TryAsync(CommandApdu command, CancellationToken cancel)
    {
        try
        {
            return await TransmitAsync(command, cancel);
        }
        catch (ConnectionLostException)
        {
            return null;
        }
    }

    public void Reset()
    {
        _os.Reset();
        Send(PurseCommands.Select);
    }

    public void Dispose() => _os.Dispose();

    private (TornMedium Medium, CardOs Os) PowerUp()
    {
        var medium = new TornMedium(_image);
        var os = CardImage.Open(medium);
        os.Reset();
        os.Transmit(Bytes.Of(PurseCommands.Select).Span);
        return (medium, os);
    }

    private ResponseApdu Send(CommandApdu command) => _os.Transmit(Bytes.Of(command).Span).Read<ResponseApdu>();

    /// <summary>
    /// What the card committed since: numbers without a gap, balances that follow. PROVE changes nothing, not even what is
    /// in force.
    /// </summary>
    private void Observe()
    {
        while (Send(PurseCommands.Prove(Zero, (uint)_history.Count + 1)) is { Status.IsSuccess: true } proven)
        {
            var logged = proven.Data.Read<PurseProof>().ToLogged();
            Assert.Equal(_history.Count + 1L, logged.Number);
            Assert.Equal(Balance + logged.Movement.Delta, logged.Balance);
            _history.Add(logged);
        }
    }
}
