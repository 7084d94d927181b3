using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Biometrics;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.VirtualCard.Files;

/// <summary>The file system of a card: MF, directories, elementary files (ISO/IEC 7816-4:2005 §5.3, §7).</summary>
/// <remarks>It is what a channel has selected while no applet is; after a reset that is the MF.</remarks>
internal sealed class FileSystem : ICardFiles
{
    private const ushort CardIdTag = 0x00C1;

    private readonly FileVolume _volume;
    private readonly PerChannel<FileSelection> _selections;
    private readonly CardId _id;
    private readonly CardPin _pin;
    private readonly CardFinger _finger;
    private readonly FileSelect _select;
    private readonly BinaryCommands _binary;
    private readonly RecordCommands _records;
    private readonly ObjectCommands _objects;
    private readonly ReferenceCommands _references;
    private readonly AuthenticationCommands _authentication;
    private readonly FileLifeCommands _life;

    /// <exception cref="DamagedImageException">The pages of the memory hold no tree of files.</exception>
    public FileSystem(
        CardMemory memory, CardId id, CurrentChannel current, CardPin pin, CardFinger finger,
        RandomNumberGenerator random)
    {
        (_id, _pin, _finger) = (id, pin, finger);
        _volume = new FileVolume(memory);
        _selections = new PerChannel<FileSelection>(current);
        var security = new FileSecurity(_volume, _selections, pin);
        var context = new FileContext(memory, _volume, _selections, security);
        _select = new FileSelect(context);
        _binary = new BinaryCommands(context);
        _records = new RecordCommands(context);
        _objects = new ObjectCommands(context);
        _references = new ReferenceCommands(context);
        _authentication = new AuthenticationCommands(context, id, random);
        _life = new FileLifeCommands(context, _select);
    }

    /// <summary>That of the MF, which may have none.</summary>
    public Bytes Aid => _volume.Master.Control.Name;

    public bool IsShareable => true;

    /// <summary>It has passwords of its own beside the PIN of the card.</summary>
    public bool UsesCardServices => false;

    /// <summary>TERMINATE CARD USAGE was here.</summary>
    public bool IsCardTerminated => _volume.Master.LifeCycle == LifeCycle.Terminated;

    /// <summary>That of the MF first.</summary>
    public IEnumerable<Bytes> Names => Named.Select(file => file.Control.Name);

    private IEnumerable<CardFile> Named => _volume.Master.Descent.Where(file => file.Control.Name.Length > 0);

    public bool IsIn(Bytes name) => DirectoryOf(_selections.Value).Control.Name == name;

    public Bytes Select() => Bytes.Empty;

    public ResponseApdu Select(CommandApdu command) => _select.Process(command);

    public ResponseApdu Select(Bytes name, byte p2) =>
        _select.Enter(Named.First(directory => directory.Control.Name == name), p2);

    public bool TryBegin(int origin) => _select.TryEnter(DirectoryOf(_selections.All[origin]));

    public ResponseApdu Process(CommandApdu command) => command switch
    {
        { Cla: not 0x00 } => new ResponseApdu(StatusWord.ClassNotSupported),
        { Ins: 0xB0 or 0xB1 or 0xD0 or 0xD1 or 0xD6 or 0xD7 or 0x0E or 0x0F } => _binary.Process(command),
        { Ins: 0xB2 or 0xD2 or 0xDC or 0xE2 or 0x0C or 0xA2 } => _records.Process(command),
        { Ins: 0xCA, P1: CardIdTag >> 8, P2: CardIdTag & 0xFF } => new ResponseApdu(Bytes.Of(_id), StatusWord.Success),
        { Ins: 0xCA or 0xCB or 0xDA or 0xDB } => _objects.Process(command),
        { Ins: 0x20 or 0x24 or 0x2C, P2: 0x00 or 0x80 } => new ResponseApdu(_pin.Process(command with { P2 = 0x80 })),
        { Ins: 0x20 or 0x24 or 0x2C } => new ResponseApdu(_references.Process(command)),
        { Ins: FingerCommands.Verify } => new ResponseApdu(_finger.Process(command)),
        { Ins: 0x84 or 0x88 or 0x82 } => _authentication.Process(command),
        { Ins: 0xE0 or 0xE4 or 0x44 or 0x04 or 0xE8 or 0xE6 or 0xFE } => new ResponseApdu(_life.Process(command)),
        _ => new ResponseApdu(StatusWord.InstructionNotSupported),
    };

    /// <summary>An applet is selected, or the channel is closed: the MF is current when the files are again.</summary>
    public void Deselect() => _selections.Value = new FileSelection();

    public void Forget() => _selections.Clear();

    private CardFile DirectoryOf(FileSelection selection) => selection.Directory ?? _volume.Master;
}
