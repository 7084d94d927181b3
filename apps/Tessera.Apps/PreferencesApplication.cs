using Tessera.Platform.Applications;
using Tessera.Platform.Changes;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Fields;
using Tessera.Platform.Sessions;
using Tessera.Platform.Views;

namespace Tessera.Apps;

/// <summary>What the holder's cards know of the holder: set on one, kept alike on all.</summary>
public sealed class PreferencesApplication : ICardApplication
{
    private const int MaxContact = 40;

    /// <summary>Each card may speak its own: a change is offered.</summary>
    public static readonly CardField Language = new(0x01, "language", "Language", DeliveryPolicy.Optional)
    {
        Values = [new("en", "English"), new("de", "Deutsch"), new("fr", "Francais"), new("es", "Espanol")],
    };

    /// <summary>Whom to call: the same on all cards, and nobody's business who finds one.</summary>
    public static readonly CardField Contact = new(0x02, "contact", "Emergency contact", DeliveryPolicy.Mandatory)
    {
        IsPrivate = true,
    };

    private static readonly Setting[] Settings = [new("Language"), new("Emergency contact"), new("Leave")];

    public string Name => "preferences";

    public string Title => "Settings";

    public string Summary => "Language and emergency contact, kept alike on all your cards.";

    public IReadOnlyList<CardField> Fields => [Language, Contact];

    public async Task RunAsync(CardSession session, CancellationToken cancel)
    {
        do
        {
            var view = View.Titled("Settings").Table(["Setting", "On this card"],
            [
                [Language.Title, Language.Label(await session.FieldAsync(Language, cancel))],
                [Contact.Title, await session.FieldAsync(Contact, cancel)],
            ]);
            try
            {
                var (setting, contact) = await session.RunAsync(Choose(view), cancel);
                if (setting == Settings[^1]) return;
                if (contact.Length > 0) await session.RunAsync(Keep(Contact, contact), cancel);
            }
            catch (DialogueEndedException end) when (end.Answers > 0)
            {
                // The holder knows why: back to the settings.
            }
        }
        while (!session.IsCostly);
    }

    private static Dialogue<(Setting Setting, string Contact)> Choose(View view) => Dialogue.Choose(
        view, Settings, setting => setting.Label, setting => setting.Label switch
        {
            "Language" => Dialogue.Choose(
                View.Titled(Language.Title), Language.Values, value => value.Label, value => Keep(Language, value.Code))
                .Select(_ => ""),
            "Emergency contact" => Dialogue.Ask(View.Titled("Name and number"), most: MaxContact),
            _ => Dialogue.Nothing(""),
        });

    private static Dialogue<Done> Keep(CardField field, string value) => Dialogue.Keep(field, value).ThenShow("Saved.");

    /// <summary>A line of the list of settings.</summary>
    private sealed record Setting(string Label);
}
