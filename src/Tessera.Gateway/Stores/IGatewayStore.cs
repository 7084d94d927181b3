using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.Gateway;

/// <summary>
/// What the gateway durably knows; whatever writes returns only when the writing outlives a loss of power.
/// </summary>
public interface IGatewayStore
{
    /// <summary>Makes a card known, or gives it another number or key version; its counters stay.</summary>
    /// <exception cref="InvalidOperationException">The number has as many cards as it may.</exception>
    Task RegisterAsync(Subscriber subscriber, CancellationToken cancel);

    Task<Subscriber?> FindAsync(CardId card, CancellationToken cancel);

    /// <summary>The cards that are reached at a number: usually one, more while a card is replaced.</summary>
    Task<IReadOnlyList<Subscriber>> FindAsync(string number, CancellationToken cancel);

    /// <summary>Takes a block of counters of packets to a card; none is ever taken again.</summary>
    /// <returns>The first of them.</returns>
    /// <exception cref="InvalidOperationException">The card is not known, or its counters are used up.</exception>
    Task<ulong> ReserveAsync(CardId card, int count, CancellationToken cancel);

    /// <summary>Keeps a short message until the others of its packet come; keeping it again changes nothing.</summary>
    Task KeepAsync(InboxPart part, CancellationToken cancel);

    /// <summary>Forgets short messages whose packet will never be whole.</summary>
    Task ForgetAsync(IReadOnlyCollection<InboxPart> parts, CancellationToken cancel);

    /// <summary>What waits in the inbox, oldest first.</summary>
    Task<IReadOnlyList<InboxPart>> InboxAsync(CancellationToken cancel);

    /// <summary>Takes a packet, exactly once: its counter, what it holds, and its parts out of the inbox.</summary>
    Task<Taking> TakeAsync(Arrival arrival, CancellationToken cancel);

    /// <summary>All sessions that are open, oldest first.</summary>
    Task<IReadOnlyList<SmsSession>> OpenSessionsAsync(CancellationToken cancel);

    Task<SmsSession?> SessionAsync(SmsSessionId session, CancellationToken cancel);

    /// <summary>Ends a session.</summary>
    /// <param name="taken">
    /// The last script whose answer was taken; 0 for none. The answer to a later one, if it is there, is late from now
    /// on.
    /// </param>
    Task CloseAsync(SmsSessionId session, byte taken, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Answers that nobody waits for, in the order in which they became late.</summary>
    /// <param name="after">Read on after this one; null for the first ones.</param>
    Task<IReadOnlyList<LateScript>> LateAsync(LateScript? after, int count, CancellationToken cancel);

    /// <summary>What a late answer proves is settled.</summary>
    Task LateTakenAsync(SmsSessionId session, byte number, CancellationToken cancel);

    Task<OutboxScript?> ScriptAsync(SmsSessionId session, byte number, CancellationToken cancel);

    /// <summary>Puts a packet with a script into the outbox, and the script on record where it is not yet.</summary>
    Task AddAsync(OutboxPacket packet, Bytes script, CancellationToken cancel);

    /// <summary>
    /// The newest packet to a card, unless its script is answered or none of its parts can be on its way any more.
    /// </summary>
    Task<OutboxPacket?> InFlightAsync(CardId card, CancellationToken cancel);

    /// <summary>The SMSC accepted a part under that id.</summary>
    /// <returns>Its state now: a receipt may have come before.</returns>
    Task<PartState> AcceptedAsync(PartReference part, string messageId, DateTimeOffset now, CancellationToken cancel);

    /// <summary>The SMSC refused a part for good.</summary>
    Task RefusedAsync(PartReference part, DateTimeOffset now, CancellationToken cancel);

    /// <summary>
    /// What became of a short message; one that is not known is kept for a while, in case its acceptance comes later.
    /// </summary>
    /// <param name="number">The number it was sent to.</param>
    /// <returns>The part; null where none is known under that id.</returns>
    Task<PartReference?> ReceiptAsync(
        string number, string messageId, PartState state, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Forgets what has no use any more.</summary>
    /// <param name="closed">Sessions that were closed before, unless an answer of theirs is late and not taken.</param>
    /// <param name="received">Messages and receipts that came before.</param>
    Task PruneAsync(DateTimeOffset closed, DateTimeOffset received, CancellationToken cancel);
}
