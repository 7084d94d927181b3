using Tessera.Platform.Money;
using Tessera.Storage.Changes;
using Tessera.Storage.Holders;
using Tessera.Wire;

namespace Tessera.Storage.Money;

/// <summary>Writes a booking, part by part, inside one transaction.</summary>
internal sealed class BookingRows(Transaction transaction, Booking booking)
{
    private readonly long _now = booking.Time.ToUnixTimeMilliseconds();

    /// <returns>
    /// False, with nothing written, if the purse is no longer at the version the booking was decided on.
    /// </returns>
    public async Task<bool> WriteAsync()
    {
        var advanced = await transaction.ExecuteAsync(
            "UPDATE purses SET version = version + 1 WHERE holder_id = @holder AND version = @Version",
            new { holder = booking.Basis.Holder.ToString(), booking.Basis.Version });
        if (advanced == 0) return false;

        if (booking.Copy is { } copy) await WriteAsync(copy);
        if (booking.Opened is { } opened) await WriteAsync(opened);
        if (booking.Step is { } step) await WriteAsync(step);
        if (booking.Entry is { } entry) await WriteAsync(entry);
        if (booking.Movement is { } movement) await WriteAsync(movement);
        if (booking.Limits is { } limits) await WriteAsync(limits);
        if (booking.Adds is { } adds) await ChangeRows.InsertAsync(transaction, adds);
        if (booking.Alarm is { } alarm) await WriteAsync(alarm);
        if (booking.Revoked is { } card)
            await transaction.ExecuteAsync(
                "UPDATE cards SET state = 'Revoked' WHERE card_id = @card", new { card = card.ToString() });
        if (booking.Standing is { } standing) await WriteAsync(standing);
        if (booking.Resolution is { } resolution)
            await transaction.ExecuteAsync(
                "UPDATE movements SET late = @state WHERE intent_id = @intent",
                new { state = resolution.State.ToString(), intent = resolution.Intent.ToString() });
        if (booking.Telling is { } telling)
            await transaction.ExecuteAsync(
                "UPDATE intents SET untold = @untold WHERE intent_id = @intent",
                new { untold = !telling.Told, intent = telling.Intent.ToString() });
        return true;
    }

    private Task<int> WriteAsync(CopyStep copy) => transaction.ExecuteAsync(
        """
        INSERT INTO card_copies (card_id, holder_id, balance, number, last_s2)
        VALUES (@card, @holder, @balance, @number, @s2)
        ON CONFLICT (card_id) DO UPDATE SET balance = @balance, number = @number, last_s2 = @s2
        """,
        new
        {
            card = copy.Card.ToString(),
            holder = booking.Basis.Holder.ToString(),
            balance = (long)copy.Balance,
            number = (long)copy.Number,
            s2 = copy.LastS2.ToArray(),
        });

    private async Task WriteAsync(Intent intent)
    {
        var id = intent.Id.ToString();
        await transaction.ExecuteAsync(
            """
            INSERT INTO intents (intent_id, holder_id, card_id, number, nonce, s1, hold, script, session_id, state,
                                 suspended, opened, closed)
            VALUES (@id, @holder, @card, @number, @nonce, @s1, @hold, @script, @session, @state, 0, @opened, NULL)
            """,
            new
            {
                id,
                holder = intent.Holder.ToString(),
                card = intent.Card.ToString(),
                number = (long)intent.Number,
                nonce = intent.Nonce.ToArray(),
                s1 = Bytes.Of(intent.S1).ToArray(),
                hold = intent.Hold,
                script = intent.Script.ToArray(),
                session = intent.Session.ToString(),
                state = intent.State.ToString(),
                opened = intent.Opened.ToUnixTimeMilliseconds(),
            });
        await transaction.ExecuteAsync(
            """
            INSERT INTO intent_moves (intent_id, position, kind, terms, adjust, amount, s2, merchant, what, goods)
            VALUES (@id, @position, @kind, @terms, @adjust, @amount, @s2, @merchant, @what, @goods)
            """,
            intent.Moves.Select((move, position) => new
            {
                id,
                position,
                kind = (long)move.Kind,
                terms = (long)move.Terms,
                adjust = (long)move.Adjust,
                amount = (long)move.Amount,
                s2 = move.S2.ToArray(),
                merchant = move.Alternative.Merchant,
                what = move.Alternative.What,
                goods = move.Alternative.Goods.ToArray(),
            }));
        if (!intent.CarriesAdds) return;
        await transaction.ExecuteAsync(
            """
            UPDATE deliveries SET state = 'InFlight', carrier = @id, at = @now
            WHERE card_id = @card AND state = 'Pending' AND amount <> 0
            """,
            new { id, now = _now, card = intent.Card.ToString() });
    }

    private async Task WriteAsync(IntentStep step)
    {
        var closed = step.State is IntentState.Done or IntentState.NotDone;
        await transaction.ExecuteAsync(
            """
            UPDATE intents SET state = @state, suspended = @suspended, closed = @closed, untold = @Untold
            WHERE intent_id = @id AND state IN ('Authorised', 'Unknown')
            """,
            new
            {
                id = step.Intent.ToString(),
                state = step.State.ToString(),
                suspended = step.Suspended,
                closed = closed ? _now : (long?)null,
                step.Untold,
            });
        if (closed)
            await transaction.ExecuteAsync(
                """
                UPDATE deliveries SET state = @state, carrier = NULL, at = @now
                WHERE card_id = (SELECT card_id FROM intents WHERE intent_id = @id)
                  AND state = 'InFlight' AND carrier = @id
                """,
                new
                {
                    id = step.Intent.ToString(),
                    state = step.State == IntentState.Done ? "Downloaded" : "Pending",
                    now = _now,
                });
    }

    private async Task WriteAsync(LedgerEntry entry)
    {
        var id = entry.Id.ToString();
        await transaction.ExecuteAsync(
            """
            INSERT INTO entries (entry_id, kind, what, intent_id, key, at)
            VALUES (@id, @kind, @What, @intent, @Key, @now)
            """,
            new
            {
                id,
                kind = entry.Kind.ToString(),
                entry.What,
                intent = entry.Intent?.ToString(),
                entry.Key,
                now = _now,
            });
        foreach (var posting in entry.Postings)
        {
            var account = posting.Account.ToString();
            await transaction.ExecuteAsync(
                "INSERT INTO accounts (account, balance) VALUES (@account, 0) ON CONFLICT DO NOTHING", new { account });
            var balance = await transaction.FindAsync<long>(
                "UPDATE accounts SET balance = balance + @Amount WHERE account = @account RETURNING balance",
                new { account, posting.Amount });
            await transaction.ExecuteAsync(
                "INSERT INTO postings (entry_id, account, amount, balance) VALUES (@id, @account, @Amount, @balance)",
                new { id, account, posting.Amount, balance });
        }
    }

    private Task<int> WriteAsync(BookedMovement movement) => transaction.ExecuteAsync(
        """
        INSERT INTO movements (card_id, number, movement, digest, balance, intent_id, alternative, entry_id, evidence,
                               evidence_octets, evidence_nonce, late, account, at)
        VALUES (@card, @number, @octets, @digest, @balance, @intent, @alternative, @entry, @evidence, @proof, @nonce,
                @late, @account, @now)
        """,
        new
        {
            card = movement.Card.ToString(),
            number = (long)movement.Number,
            octets = Bytes.Of(movement.Movement).ToArray(),
            digest = movement.Digest.ToArray(),
            balance = (long)movement.Balance,
            intent = movement.Intent?.ToString(),
            alternative = movement.Alternative,
            entry = movement.Entry?.ToString(),
            evidence = movement.Evidence.Kind.ToString(),
            proof = movement.Evidence.Octets.ToArray(),
            nonce = movement.Evidence.Nonce.ToArray(),
            late = movement.Late.ToString(),
            account = movement.Account,
            now = _now,
        });

    private Task<int> WriteAsync(LimitsStep limits) => transaction.ExecuteAsync(
        """
        INSERT INTO purse_limits (card_id, allowance, without_pin, given_back, borne)
        VALUES (@card, COALESCE(@allowance, 0), @most, COALESCE(@GivenBack, 0), COALESCE(@Borne, 0))
        ON CONFLICT (card_id) DO UPDATE
        SET allowance = COALESCE(@allowance, allowance), without_pin = COALESCE(@most, without_pin),
            given_back = COALESCE(@GivenBack, given_back), borne = COALESCE(@Borne, borne)
        """,
        new
        {
            card = limits.Card.ToString(),
            allowance = (long?)limits.Allowance,
            most = (long?)limits.GreatestWithoutPin,
            limits.GivenBack,
            limits.Borne,
        });

    private Task WriteAsync(CardStanding standing) =>
        CardRow.StandAsync(transaction, standing.Card.ToString(), standing.State, _now);

    private async Task WriteAsync(CardAlarm alarm)
    {
        var card = alarm.Card.ToString();
        await transaction.ExecuteAsync(
            "INSERT INTO card_alarms (card_id, what, evidence, at) VALUES (@card, @What, @evidence, @now)",
            new { card, alarm.What, evidence = alarm.Evidence.ToArray(), now = _now });
        await transaction.ExecuteAsync(
            "UPDATE cards SET state = 'Suspect' WHERE card_id = @card AND state = 'Active'", new { card });
    }
}
