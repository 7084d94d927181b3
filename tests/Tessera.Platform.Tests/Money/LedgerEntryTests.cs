using FsCheck;
using FsCheck.Fluent;
using Tessera.Cards;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Xunit;

namespace Tessera.Platform.Tests.Money;

public class LedgerEntryTests
{
    private const ushort Euro = 0x0978;
    private const string Ada = "0123456789abcdef0123456789abcdef";

    private static readonly AccountId Shop = AccountId.Merchant("shop", Euro);
    private static readonly AccountId Cash = AccountId.Funding("cash", Euro);

    [Fact]
    public void Takes_exactly_what_sums_to_zero() => Prop.ForAll(
        ArbMap.Default.ArbFor<int[]>(), (int[] amounts) =>
        {
            var moving = amounts.Where(amount => amount != 0).Select(amount => new Posting(Shop, amount)).ToList();
            if (moving.Sum(posting => posting.Amount) is not 0 and var sum)
            {
                Assert.Throws<ArgumentException>(() => Entry([.. moving, new Posting(Cash, -sum + 1)]));
                moving.Add(new Posting(Cash, -sum));
            }

            if (moving.Count < 2) Assert.Throws<ArgumentException>(() => Entry(moving));
            else Assert.Equal(0, Entry(moving).Postings.Sum(posting => posting.Amount));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Moves_something_in_one_currency()
    {
        Assert.Throws<ArgumentException>(() => Entry([new Posting(Shop, 0), new Posting(Cash, 0)]));
        Assert.Throws<ArgumentException>(
            () => Entry([new Posting(Shop, 1), new Posting(AccountId.Funding("cash", 0x0840), -1)]));
    }

    [Fact]
    public void Tells_what_an_account_gets()
    {
        var entry = Entry([new Posting(Shop, 5), new Posting(Cash, -7), new Posting(Shop, 2)]);

        Assert.Equal((7, -7, 0), (entry.To(Shop), entry.To(Cash), entry.To(AccountId.Loss(Euro))));
    }

    public static TheoryData<AccountId, string> Accounts => new()
    {
        { AccountId.Purse(HolderId.Parse(Ada), Euro), $"purse:{Ada}:0978" },
        { AccountId.Merchant("a:b", Euro), "merchant:a:b:0978" },
        { Cash, "funding:cash:0978" },
        { AccountId.Suspense(new CardId(0x1A), 0x0840), "suspense:000000000000001A:0840" },
        { AccountId.Loss(Euro), "loss:issuer:0978" },
    };

    [Theory]
    [MemberData(nameof(Accounts))]
    public void An_account_is_named_by_kind_owner_and_currency(AccountId account, string name)
    {
        Assert.Equal(name, account.ToString());
        Assert.Equal(account, AccountId.Parse(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("purse")]
    [InlineData("purse:x")]
    [InlineData("purse::0978")]
    [InlineData("till:x:0978")]
    [InlineData("merchant:x:euro")]
    public void Another_text_names_no_account(string text) =>
        Assert.Throws<FormatException>(() => AccountId.Parse(text));

    [Fact]
    public void A_name_is_neither_empty_nor_long()
    {
        Assert.Throws<ArgumentException>(() => AccountId.Merchant(" ", Euro));
        Assert.Throws<ArgumentException>(() => AccountId.Funding(new string('x', AccountId.MaxOwner + 1), Euro));
    }

    private static LedgerEntry Entry(IReadOnlyList<Posting> postings) =>
        new(new EntryId(Guid.Empty), EntryKind.Load, "", DateTimeOffset.UnixEpoch, postings);
}
