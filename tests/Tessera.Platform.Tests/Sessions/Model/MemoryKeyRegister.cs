using Tessera.Platform.Holders;
using Tessera.Wire;

namespace Tessera.Platform.Tests.Sessions.Model;

/// <summary>Cards that are known by their keys, in memory.</summary>
internal sealed class MemoryKeyRegister(MemoryHolderStore holders) : IKeyRegister
{
    private readonly Dictionary<string, HolderId> _names = new(StringComparer.Ordinal);

    public Dictionary<Bytes, KnownKey> Keys { get; } = [];

    public Task<KnownKey?> FindAsync(Bytes digest, CancellationToken cancel) =>
        Task.FromResult(Keys.GetValueOrDefault(digest));

    public async Task<KnownKey> WelcomeAsync(KnownKey key, Holder stranger, CancellationToken cancel)
    {
        if (Keys.TryGetValue(key.Digest, out var known)) return known;
        if (!_names.TryGetValue(key.Name!, out var holder))
        {
            await holders.AddAsync(stranger, cancel);
            _names.Add(key.Name!, holder = stranger.Id);
        }

        await RegisterAsync(KnownKey.Registration(key.Card, holder, stranger.Since), [key], cancel);
        return key;
    }

    public async Task RegisterAsync(CardRegistration card, IReadOnlyList<KnownKey> keys, CancellationToken cancel)
    {
        if (!holders.Cards.ContainsKey(card.Card)) await holders.RegisterAsync(card, cancel);
        foreach (var key in keys) Keys[key.Digest] = key;
    }
}
