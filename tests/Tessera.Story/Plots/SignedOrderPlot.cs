using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tessera.Apps;
using Tessera.Cards;
using Tessera.Cards.Identity;
using Tessera.Cards.Piv;
using Tessera.Cards.Store;
using Tessera.Platform.Applications;
using Tessera.Platform.Changes;
using Tessera.Platform.Money;
using Tessera.Platform.Signing;
using Tessera.Storage;
using Tessera.Storage.Changes;
using Tessera.Storage.Money;
using Tessera.Storage.Signing;
using Tessera.Story.Cards;
using Tessera.Story.People;
using Tessera.Testing;
using Tessera.Toolkit.Links;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Piv;
using Tessera.Wire;

namespace Tessera.Story.Plots;

/// <summary>The holder orders coal, signs the order, and the card keeps a note of it.</summary>
public sealed class SignedOrderPlot : StoryPlot
{
    private const int MostFiled = 100;

    private static readonly DateTimeOffset Begin = new ManualTime().GetUtcNow();

    private readonly X509Certificate2 _server = LinkCertificate.Create("server");
    private readonly TestAuthority _authority = TestAuthority.Root("CN=Story authority", Begin.AddYears(-1));
    private readonly TrustStore _trust;

    public SignedOrderPlot() => _trust = TrustStore.Of(
        [_authority.Certificate], lists: [RevocationList.Read(_authority.List(Begin.AddHours(-1), Begin.AddDays(30)))]);

    internal override PeerIdentity Server => PeerIdentity.Of(_server);

    internal override IReadOnlyList<Bytes> Applets => [.. base.Applets, PivCommands.Aid];

    internal override ICardApplication Application { get; } = new OrdersApplication();

    internal override ICardApplication Keeper => Application;

    internal override Person Holder(Recorder recorder, ManualTime time) => new Signer(recorder, time);

    internal override Personalisation Card(CardId id, DateTimeOffset now) => Personalisation.Demonstration(
        id, piv: PivPersonalisation.Demonstration(
            id, now, Credential(PivKeyReference.Signature, id, now), Credential(PivKeyReference.CardAuthentication, id, now)));

    internal override Notary? Notary(Database database, TimeProvider time) =>
        new(new SqliteEvidenceStore(database), _server, _ => Task.FromResult(_trust), time);

    internal override async Task<IReadOnlyList<string>> CheckAsync(
        string path, StoryCard card, Person holder, PurseKeyring keys, CancellationToken cancel)
    {
        await using var database = await Database.OpenAsync(path, cancel: cancel);
        var money = new SqliteMoneyStore(database);
        List<string> faults = [.. (await new LedgerCheck(money, keys).RunAsync(cancel)).Select(fault => fault.ToString())];
        var signer = (Signer)holder;
        var store = new SqliteEvidenceStore(database);
        var filed = await store.RecentAsync(null, MostFiled, cancel);
        HashSet<Bytes> sessions = [];
        foreach (var one in filed)
        {
            var file = EvidenceFile.Read((await store.FindAsync(one.Id, cancel))!.File.Span);
            faults.AddRange(EvidenceCheck.Check(file, _trust).Faults.Select(fault => $"Evidence {one.Id}: {fault}."));
            if (!sessions.Add(file.Session)) faults.Add($"Session {file.Session} has filed twice.");
        }

        if (filed.Count > signer.Signed)
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{filed.Count} are filed, {signer.Signed} were signed."));
        foreach (var told in signer.ToldOf.Where(told => !filed.Any(one => IsOf(one, told))))
            faults.Add($"The holder was told of {told}, and it is not filed.");
        await CheckNoteAsync(database, money, card, filed, faults, cancel);
        return faults;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _trust.Dispose();
        _authority.Dispose();
        _server.Dispose();
    }

    /// <summary>
    /// The card has the note that the book says it has, or the one that is under way to it; and it is that of an order that
    /// is filed.
    /// </summary>
    private static async Task CheckNoteAsync(
        Database database, SqliteMoneyStore money, StoryCard card, IReadOnlyList<FiledEvidence> filed,
        List<string> faults, CancellationToken cancel)
    {
        await using var view = await money.ViewAsync(cancel);
        await foreach (var purse in view.PursesAsync(cancel))
        {
            var id = purse.Copies.Single().Card;
            var log = await new ChangeLog(new SqliteChangeStore(database), TimeProvider.System)
                .FindAsync(OrdersApplication.LastOrder.Of(purse.Holder), cancel);
            var copy = log.CopyOf(id);
            using var opened = card.Open();
            Send(StoreCommands.Select);
            var onCard = FieldVersion.ReadList(Send(StoreCommands.List))
                .FirstOrDefault(one => one.Field == OrdersApplication.LastOrder.Id)?.Version ?? 0;
            if (copy is null || (onCard != copy.Version && !(copy.IsOpen && onCard == copy.Issued)))
                faults.Add($"The note: version {onCard} on the card, {copy} in the book.");
            var note = Encoding.UTF8.GetString((copy?.Content ?? Bytes.Empty).Span);
            if (note.Length > 0 && !filed.Any(one => note.Contains(one.Title["Order ".Length..], StringComparison.Ordinal)))
                faults.Add($"The note is '{note}', and no such order is filed.");

            Bytes Send(CommandApdu command) =>
                opened.Transmit(Bytes.Of(command).Span).Read<ResponseApdu>().Data;
        }
    }

    private static bool IsOf(FiledEvidence filed, string id) =>
        string.Equals(filed.Id.ToString(), id, StringComparison.Ordinal);

    private PivCredential Credential(byte reference, CardId id, DateTimeOffset now) =>
        PivCredential.Issued(reference, PivAlgorithm.P256, key => _authority.Issue(
            $"CN=Ada Lovelace, SERIALNUMBER={id}", key, now.AddDays(-1), now.AddYears(5),
            new CertificateTraits(Usage: X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation)));
}
