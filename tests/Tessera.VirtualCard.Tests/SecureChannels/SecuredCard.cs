using Tessera.Cards;
using Tessera.Cards.SecureChannels;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.VirtualCard.SecureChannels;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;

namespace Tessera.VirtualCard.Tests.SecureChannels;

/// <summary>A card with one applet behind a secure channel, which tells what it was asked and answers as it is told.</summary>
internal sealed class SecuredCard : ICardChannel, IDisposable
{
    public static readonly Bytes Aid = Bytes.FromHex("A0000005591010FFFFFFFF8900000100");

    private readonly CardOs _os;
    private readonly ToldApplet _applet = new();

    public SecuredCard(DomainPersonalisation domain, uint sequence = 0)
    {
        var image = TestCard.NewImage(new Personalisation
        {
            Card = TestCard.Id,
            Keys = CardKeys.Of(MasterKeys.Generate(1), TestCard.Id),
            KeyVersion = 1,
            Pin = Cards.Pins.PinBlock.OfPin("123456"),
            Puk = Cards.Pins.PinBlock.OfPuk("12345678"),
            Domain = domain,
        });
        Medium = new CutMedium(image);
        var memory = CardMemory.Open(Medium);
        var file = new DomainFile(memory);
        for (var i = 0u; i < sequence; i++)
        {
            using var keys = file.Open(0);
            file.Advance(keys!);
        }

        var current = new CurrentChannel();
        var pin = new CardPin(memory, current);
        var end = new SecureChannelEnd(file, Aid, new SeededRandom(7));
        var programs = new CardPrograms(
            TestCard.Id, current, pin, new CardFinger(memory, pin), [new SecuredApplet(_applet, end), _applet]);
        _os = new CardOs(memory, new CardLife(memory), _ => new CardBody(programs, null));
        _os.Reset();
        Send(GlobalPlatformCommands.Select(Aid));
    }

    public CutMedium Medium { get; }

    /// <summary>What the applet was asked last, and null when it was not asked since this was read.</summary>
    public CommandApdu? Asked => _applet.TakeAsked();

    public ResponseApdu Answer
    {
        set => _applet.Answer = value;
    }

    public static Scp03Keys NewKeys(int length) =>
        new(SecretKey.Generate(length), SecretKey.Generate(length), SecretKey.Generate(length));

    public static Scp03Keys CopyOf(Scp03Keys keys) => new(
        new SecretKey(keys.Encryption.Reveal()), new SecretKey(keys.Mac.Reveal()),
        new SecretKey(keys.DataEncryption.Reveal()));

    public static DomainPersonalisation Domain(Scp03Keys keys, Scp03Options options = (Scp03Options)0x70) => new()
    {
        KeyVersion = 0x30,
        Keys = CopyOf(keys),
        Options = options,
        Diversification = new Bytes(new byte[10]),
        Aid = Aid,
    };

    /// <summary>Opens a session; its challenge is always the same.</summary>
    public Scp03Host Open(Scp03Keys keys, SecurityLevel level)
    {
        var challenge = Bytes.FromHex("A1A2A3A4A5A6A7A8");
        var answer = Send(GlobalPlatformCommands.InitializeUpdate(0, challenge));
        var host = Scp03Host.Open(keys, challenge, answer.Data.Read<InitializeUpdateAnswer>());
        Xunit.Assert.Equal(StatusWord.Success, Send(host.Authenticate(level)).Status);
        return host;
    }

    public Bytes Send(Bytes command) => _os.Transmit(command.Span);

    public ResponseApdu Send(CommandApdu command) => Send(Bytes.Of(command)).Read<ResponseApdu>();

    public string Send(string hex) => Send(Bytes.FromHex(hex)).ToString();

    public void Reset() => _os.Reset();

    public ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel) => new(Send(command));

    public void Dispose() => _os.Dispose();

    private sealed class ToldApplet : IApplet
    {
        private CommandApdu? _asked;

        public Bytes Aid => SecuredCard.Aid;

        public ResponseApdu Answer { get; set; } = new(StatusWord.Success);

        public CommandApdu? TakeAsked()
        {
            var asked = _asked;
            _asked = null;
            return asked;
        }

        public Bytes Select() => Bytes.Empty;

        public ResponseApdu Process(CommandApdu command)
        {
            _asked = command with { Data = Bytes.CopyOf(command.Data.Span) };
            return Answer;
        }

        public void Forget() => _asked = null;
    }
}
