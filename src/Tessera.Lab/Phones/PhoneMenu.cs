using System.Globalization;
using Tessera.Lab.Phones.Screens;
using Tessera.Lab.Phones.Sim;

namespace Tessera.Lab.Phones;

/// <summary>The idle display and the phone's own menus.</summary>
internal sealed class PhoneMenu(Phone phone)
{
    private const int MostNumber = 21;
    private const int MostText = 459;

    private static readonly EntryRules NumberRules = new(EntryAlphabet.Digits, 1, MostNumber);
    private static readonly EntryRules TextRules = new(EntryAlphabet.Ucs2, 1, MostText);

    private PhoneScreen? _ofSim;

    private Display Display => phone.Display;

    public Sight DrawIdle()
    {
        var unread = phone.Inbox.Unread;
        var text = phone.Toolkit?.IdleText ?? "";
        string[] news = unread switch
        {
            0 => [],
            1 => ["1 new message"],
            _ => [string.Create(CultureInfo.InvariantCulture, $"{unread} new messages")],
        };
        return new Sight(
            [
                phone.NetworkName,
                phone.Contents?.ProviderName ?? "",
                .. Wrapping.Lines(text).Take(PhoneScreen.Height - 4),
                .. news,
                phone.Options.Time.GetLocalNow().ToString("HH:mm", CultureInfo.InvariantCulture),
            ],
            "Menu", unread > 0 ? "Read" : "Messages");
    }

    /// <summary>A key while the phone is idle.</summary>
    public Task PressAsync(PhoneKey key)
    {
        switch (key)
        {
            case PhoneKey.Ok or PhoneKey.Left or PhoneKey.Up or PhoneKey.Down:
                ShowMain();
                break;
            case PhoneKey.Right:
                ShowInbox();
                break;
            case PhoneKey.Call:
                ShowDial(phone.LastDialled);
                break;
            default:
                if (key.Character() is { } character) ShowDial($"{character}");
                break;
        }

        return Task.CompletedTask;
    }

    /// <summary>Text from a keyboard while the phone is idle: of use is what can be dialled.</summary>
    public void Type(string text)
    {
        if (text.Length > 0 && text.All(NumberRules.Takes)) ShowDial(text[..Math.Min(text.Length, DialScreen.Most)]);
    }

    public Task ShowMainAsync()
    {
        ShowMain();
        return Task.CompletedTask;
    }

    public Task ShowInboxAsync()
    {
        ShowInbox();
        return Task.CompletedTask;
    }

    /// <summary>The SIM has another menu: the one that is shown is not it any more.</summary>
    public void MenuChanged()
    {
        if (_ofSim is not null) Display.Home();
        _ofSim = null;
    }

    /// <summary>The whole menu of the SIM.</summary>
    public void ShowToolkit()
    {
        if (phone.Toolkit?.Menu is not { } menu) return;
        _ofSim = new ListScreen(
            menu.Title, [.. menu.Items.Select(item => item.Text)],
            place => SelectAsync(menu.Items[place].Identifier, help: false), BackFromToolkitAsync,
            menu.HasHelp ? place => SelectAsync(menu.Items[place].Identifier, help: true) : null);
        Display.Show(_ofSim);
    }

    /// <summary>An item of the menu of the SIM, from 0; nothing where it has gone.</summary>
    public Task SelectAsync(int place) =>
        phone.Toolkit?.Menu is { } menu && place < menu.Items.Count && !phone.Toolkit.IsPerforming
            ? SelectAsync(menu.Items[place].Identifier, help: false)
            : Task.CompletedTask;

    /// <summary>A class 0 message: shown at once, kept nowhere.</summary>
    public void Flash(string from, string text) =>
        Display.Show(new TextScreen($"{from}\n{text}", Display.BackAsync, Display.BackAsync));

    private Task BackFromToolkitAsync()
    {
        _ofSim = null;
        return Display.BackAsync();
    }

    /// <summary>From here on the display is the SIM's.</summary>
    private Task SelectAsync(byte item, bool help)
    {
        _ofSim = null;
        Display.Home();
        return phone.Toolkit?.SelectAsync(item, help) ?? Task.CompletedTask;
    }

    private void ShowMain()
    {
        var entries = new List<(string Name, Action Show)>
        {
            ("Messages", ShowInbox), ("Write message", () => AskNumber("")), ("Contacts", ShowContacts),
        };
        if (phone.Toolkit?.Menu is { } menu)
            entries.Add((menu.Title.Length > 0 ? menu.Title : "SIM services", ShowToolkit));
        entries.Add(("This phone", ShowPhone));
        entries.Add((phone.HidesNumber ? "Show my number" : "Hide my number", ToggleNumber));
        ShowList("Menu", [.. entries.Select(entry => entry.Name)], place => entries[place].Show());
    }

    private void ShowInbox()
    {
        var messages = phone.Inbox.Messages;
        if (messages.Count == 0)
        {
            phone.Tell("No messages");
            return;
        }

        ShowList(
            "Messages",
            [.. messages.Select(message => $"{(message.IsRead ? "" : "• ")}{message.From}: {message.Text}")],
            place => ReadAsync(messages[place]));
    }

    private async Task ReadAsync(InboxMessage message)
    {
        await phone.MarkReadAsync(message.Id);
        var time = message.Time.ToString("dd.MM. HH:mm", CultureInfo.InvariantCulture);
        Display.Show(new TextScreen(
            $"{message.From}\n{time}\n{message.Text}", () => ShowOptionsAsync(message), Display.BackAsync, "Options"));
    }

    private Task ShowOptionsAsync(InboxMessage message)
    {
        ShowList("Message", ["Reply", "Delete"], async place =>
        {
            Display.Home();
            if (place == 0) AskText(message.From);
            else await phone.DeleteAsync(message.Id);
        });
        return Task.CompletedTask;
    }

    private void ShowContacts()
    {
        var contacts = phone.Contents?.Contacts ?? [];
        if (contacts.Count == 0)
        {
            phone.Tell("No contacts on the SIM");
            return;
        }

        ShowList("Contacts", [.. contacts.Select(contact => contact.Name)], place => ShowContact(contacts[place]));
    }

    private void ShowContact(Contact contact) => ShowList(contact.Name, ["Call", "Write message"], place =>
    {
        if (place == 0) return phone.DialAsync(contact.Number);
        AskText(contact.Number);
        return Task.CompletedTask;
    });

    private void ShowDial(string number) =>
        Display.Show(new DialScreen(number, phone.DialAsync, Display.BackAsync));

    private void ToggleNumber()
    {
        phone.HidesNumber = !phone.HidesNumber;
        Display.Home();
        phone.Tell(phone.HidesNumber ? "Your number is hidden from those you call" : "Your number is shown");
    }

    private void ShowPhone() => phone.Tell(
        $"Number\n{phone.OwnNumber}\nIMSI\n{phone.Contents?.Imsi}\n"
        + $"IMEI\n{phone.Options.Imei}\nSIM\n{phone.Contents?.Iccid}");

    private void AskNumber(string number) => Display.Show(new EntryScreen(
        "To number", NumberRules, number, phone.Options.Time,
        to =>
        {
            AskText(to);
            return Task.CompletedTask;
        },
        Display.BackAsync));

    private void AskText(string to) => Display.Show(new EntryScreen(
        $"To {to}", TextRules, "", phone.Options.Time,
        text =>
        {
            Display.Home();
            return phone.SendTextAsync(to, text);
        },
        Display.BackAsync));

    private void ShowList(string title, IReadOnlyList<string> items, Action<int> chosen) =>
        ShowList(title, items, place =>
        {
            chosen(place);
            return Task.CompletedTask;
        });

    private void ShowList(string title, IReadOnlyList<string> items, Func<int, Task> chosen) =>
        Display.Show(new ListScreen(title, items, chosen, Display.BackAsync));
}
