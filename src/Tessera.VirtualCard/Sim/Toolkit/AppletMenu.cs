using System.Text;
using Tessera.Sms.Messages;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.VirtualCard.Sim.Toolkit;

/// <summary>What personalisation tells the toolkit applet: whom to write to, and what it offers.</summary>
/// <remarks>
/// <code>
/// service number      address of a TPDU, 2..12
/// title               length 1, UTF-8
/// { item length 1, UTF-8 | application length 1, ASCII }
/// </code>
/// </remarks>
internal sealed record AppletMenu(Address ServiceNumber, SimMenu Menu) : IWireFormat<AppletMenu>
{
    public const int MaxLength = 512;
    public const int DigestLength = OpeningProfile.DigestLength;

    private const int MaxItems = 16;
    private const int MaxText = 32;

    /// <summary>As SET UP MENU tells it to the phone.</summary>
    public ProactiveCommand Command =>
        ProactiveCommand.SetUpMenu(Menu.Title, [.. Menu.Items.Select(item => item.Text)]);

    public static AppletMenu Read(ref ByteReader reader)
    {
        var number = Address.Read(ref reader);
        var title = ReadText(ref reader, "title");
        var items = new List<SimMenuItem>();
        while (reader.Remaining > 0)
            items.Add(new SimMenuItem(ReadText(ref reader, "item"), ReadText(ref reader, "application")));
        return new AppletMenu(number, new SimMenu(title, items));
    }

    /// <exception cref="ArgumentException">No item or too many, or a text that a command cannot carry.</exception>
    public void Write(ByteWriter writer)
    {
        if (Menu.Items.Count is 0 or > MaxItems ||
            Menu.Items.Any(item => item.Application.Length > 0 && !Opening.IsApplication(item.Application)) ||
            Menu.Items.Select(item => item.Text).Append(Menu.Title).Any(text => text.Length is 0 or > MaxText) ||
            Bytes.Of(Command).Length > ProactiveCommand.MaxFetchLength)
            throw new ArgumentException("The menu does not fit the card or its command.", nameof(writer));

        ServiceNumber.Write(writer);
        WriteText(writer, Menu.Title);
        foreach (var (text, application) in Menu.Items)
        {
            WriteText(writer, text);
            WriteText(writer, application);
        }
    }

    private static string ReadText(ref ByteReader reader, string field) =>
        Encoding.UTF8.GetString(reader.ReadOctets(reader.ReadByte(field), field));

    private static void WriteText(ByteWriter writer, string text)
    {
        var octets = Encoding.UTF8.GetBytes(text);
        writer.WriteByte((byte)octets.Length);
        writer.WriteOctets(octets);
    }
}
