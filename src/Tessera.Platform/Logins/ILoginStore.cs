using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.Platform.Logins;

/// <summary>The durable record of temporary logins; each method is one database transaction.</summary>
public interface ILoginStore
{
    /// <summary>Adds to what is counted on a day.</summary>
    /// <param name="whose">The holder, or the number.</param>
    /// <returns>The count after it.</returns>
    Task<int> CountAsync(LoginCount count, string whose, DateOnly day, int by, CancellationToken cancel);

    /// <summary>A new login of a card; the life of those before it is over.</summary>
    Task AddAsync(TemporaryLogin login, CancellationToken cancel);

    /// <summary>The login that a card was given last.</summary>
    Task<TemporaryLogin?> NewestAsync(CardId card, CancellationToken cancel);

    /// <summary>The login of a card with that digest, whatever became of it.</summary>
    Task<TemporaryLogin?> FindAsync(CardId card, Bytes digest, CancellationToken cancel);

    /// <summary>Its life ends then, if not before.</summary>
    Task EndAsync(Guid login, DateTimeOffset until, CancellationToken cancel);

    /// <summary>Uses a login that lives and was not used; for the session that used it, again.</summary>
    /// <returns>False where it has ended, or another session used it.</returns>
    Task<bool> UseAsync(Guid login, ushort session, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Forgets logins that ended, and counts of days, before.</summary>
    Task PruneAsync(DateTimeOffset before, CancellationToken cancel);
}
