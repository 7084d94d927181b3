using System.Globalization;

namespace Tessera.Phone.Sip;

/// <summary>Who may register, and for how long.</summary>
public sealed record SipRegistrarOptions
{
    /// <summary>What a user's password belongs to; shown to who is asked for it.</summary>
    public required string Realm { get; init; }

    /// <summary>
    /// The password of a user; null where there is no such user. Called under a lock: must return at once.
    /// </summary>
    public required Func<string, string?> PasswordOf { get; init; }

    /// <summary>
    /// What is asked for, in this order; some old telephones look at the first only. Default SHA-256, then MD5.
    /// </summary>
    public IReadOnlyList<DigestAlgorithm> Algorithms { get; init; } = [DigestAlgorithm.Sha256, DigestAlgorithm.Md5];

    /// <summary>Shorter bindings are refused with 423. Default 60 s.</summary>
    public TimeSpan Shortest { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Longer bindings are cut to this. Default 1 h.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromHours(1);
}

/// <summary>Where a registered user is.</summary>
public sealed record SipBinding(SipUri Contact, DateTimeOffset Expires);

/// <summary>A small registrar (RFC 3261 §10.3): every user has a password, and its bindings are in memory.</summary>
public sealed class SipRegistrar
{
    private readonly Dictionary<string, List<Entry>> _users = new(StringComparer.Ordinal);
    private readonly SipRegistrarOptions _options;
    private readonly SipLimits _limits;
    private readonly TimeProvider _time;
    private readonly Lock _gate;
    private readonly DigestServer _digest;

    internal SipRegistrar(SipRegistrarOptions options, SipLimits limits, TimeProvider time, Lock gate)
    {
        (_options, _limits, _time, _gate) = (options, limits, time, gate);
        _digest = new DigestServer(options.Realm, options.Algorithms, time);
    }

    /// <summary>Where a user is now, the newest first.</summary>
    public IReadOnlyList<SipBinding> Find(string user)
    {
        lock (_gate)
        {
            return
            [
                .. Live(user).OrderByDescending(entry => entry.Expires)
                    .Select(entry => new SipBinding(entry.Contact, entry.Expires)),
            ];
        }
    }

    internal SipResponse Take(SipRequest request)
    {
        if (request.To.Uri is not { IsSip: true, User: { } user }) return Respond(request, SipStatus.BadRequest);
        if (_digest.Find(request) is not { } given) return Challenge(request, stale: false);

        // A user that is not there is checked like one that is: nobody learns who there is.
        var password = _options.PasswordOf(given.UserName);
        var result = _digest.Check(request, given, password ?? TransactionLayer.Unique());
        if (password is null || result == DigestResult.Wrong) return Challenge(request, stale: false);
        if (result == DigestResult.Stale) return Challenge(request, stale: true);
        return given.UserName.Equals(SipGrammar.Unescape(user), StringComparison.Ordinal)
            ? Update(request, given.UserName)
            : Respond(request, SipStatus.Forbidden);
    }

    private SipResponse Update(SipRequest request, string user)
    {
        var entries = Live(user).ToList();
        var wildcard = request.HasWildcardContact;
        if (wildcard && request.Expires is not 0) return Respond(request, SipStatus.BadRequest);
        if (wildcard)
        {
            if (entries.Exists(entry => entry.IsNewerThan(request)))
                return Respond(request, SipStatus.ServerInternalError);
            entries.Clear();
        }

        foreach (var contact in request.Contacts)
        {
            if (Apply(entries, request, contact) is { } refused) return Respond(request, refused);
        }

        if (entries.Count > _limits.Bindings) return Respond(request, SipStatus.Forbidden);
        if (entries.Count > 0) _users[user] = entries;
        else _users.Remove(user);
        return Respond(request, SipStatus.Ok, entries.Select(Line));
    }

    /// <summary>Adds, renews or removes one binding; a status where that may not be.</summary>
    private SipStatus? Apply(List<Entry> entries, SipRequest request, NameAddress contact)
    {
        var life = Life(request, contact);
        if (life > TimeSpan.Zero && life < _options.Shortest) return SipStatus.IntervalTooBrief;
        var at = entries.FindIndex(entry => entry.Contact.Matches(contact.Uri));
        if (at >= 0 && entries[at].IsNewerThan(request)) return SipStatus.ServerInternalError;
        if (at >= 0) entries.RemoveAt(at);
        if (life > TimeSpan.Zero)
        {
            var granted = life < _options.Longest ? life : _options.Longest;
            entries.Add(new Entry(contact.Uri, request.CallId, request.CSeq.Number, _time.GetUtcNow() + granted));
        }

        return null;
    }

    private TimeSpan Life(SipRequest request, NameAddress contact)
    {
        if (contact.Parameters["expires"] is { } text)
        {
            // What is no number counts as an hour (§10.2.1.1).
            return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? TimeSpan.FromSeconds(seconds)
                : TimeSpan.FromHours(1);
        }

        return request.Expires is { } expires ? TimeSpan.FromSeconds(expires) : _options.Longest;
    }

    private IEnumerable<Entry> Live(string user) =>
        _users.TryGetValue(user, out var entries) ? entries.Where(entry => entry.Expires > _time.GetUtcNow()) : [];

    private SipHeader Line(Entry entry)
    {
        var seconds = (uint)Math.Ceiling((entry.Expires - _time.GetUtcNow()).TotalSeconds);
        var contact = new NameAddress(entry.Contact) { Parameters = [new("expires", seconds.Number())] };
        return new SipHeader("Contact", contact.ToString());
    }

    private SipResponse Challenge(SipRequest request, bool stale) =>
        Respond(request, SipStatus.Unauthorized, _digest.Challenge(stale));

    private SipResponse Respond(SipRequest request, SipStatus status, params IEnumerable<SipHeader> more)
    {
        if (status == SipStatus.IntervalTooBrief)
            more = [new SipHeader("Min-Expires", ((uint)_options.Shortest.TotalSeconds).Number())];
        return request.Response(status, TransactionLayer.Unique(), more);
    }

    private sealed record Entry(SipUri Contact, string CallId, uint Sequence, DateTimeOffset Expires)
    {
        /// <summary>The request was overtaken by the one that made this (§10.3 step 7).</summary>
        public bool IsNewerThan(SipRequest request) =>
            CallId.Equals(request.CallId, StringComparison.Ordinal) && Sequence >= request.CSeq.Number;
    }
}
