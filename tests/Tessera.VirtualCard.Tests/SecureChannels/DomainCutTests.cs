using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.Cards.SecureChannels;
using Tessera.Cards.Store;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.SecureChannels;

/// <summary>The power goes during what the domain keeps, at every physical step.</summary>
public class DomainCutTests
{
    private static readonly int[] Tears = [0, 1, 4, 7, 12, 50, 1000];

    [Fact]
    public void No_challenge_is_ever_given_twice()
    {
        var image = TestCard.NewImage();
        var given = new HashSet<uint>();
        var (cut, whole) = (0, 0);
        for (var step = 0; step < 6; step++)
        {
            foreach (var tear in Tears)
            {
                var medium = new CutMedium(image);
                using var card = new DomainCard(TestCard.Open(medium)).Selected();
                medium.CutAfter(step, _ => tear, new Random((step * 100) + tear));
                if (TryBegin(card.Card) is { } sequence) Given(sequence, ref whole);
                else cut++;
                image = medium.Image;

                using var again = new DomainCard(TestCard.Open(image)).Selected();
                Given(TryBegin(again.Card)!.Value, ref whole);
                image = again.Card.Image;
            }
        }

        Assert.Equal(4 * Tears.Length, cut);
        Assert.Equal(8 * Tears.Length, whole);

        void Given(uint sequence, ref int count)
        {
            Assert.True(given.Add(sequence), $"{sequence} again");
            count++;
        }
    }

    [Fact]
    public void New_keys_are_there_whole_or_the_old_ones_are()
    {
        using var keys = SecuredCard.NewKeys(32);
        using var dek = DomainCard.DataEncryption();
        var (old, fresh) = (0, 0);
        Cut(GlobalPlatformCommands.PutKeys(0x30, 0x31, keys, dek), image =>
        {
            using var card = new DomainCard(TestCard.Open(image)).Selected();
            if (card.Card.Send("80CA00E0 00")[10..12] is "30")
            {
                card.Open();
                old++;
            }
            else
            {
                card.Open(version: 0x31, keys: keys);
                fresh++;
            }
        });
        Assert.True(old > 10 && fresh > 10, $"{old} old, {fresh} new");
    }

    [Fact]
    public void Objects_are_there_whole_or_not_at_all()
    {
        var (old, fresh) = (0, 0);
        Cut(Bytes.FromHex("80E29000 06 42 04 11223344").Read<CommandApdu>(), image =>
        {
            using var card = new DomainCard(TestCard.Open(image)).Selected();
            var found = card.Card.Send("80CA0042 00");
            if (found is "6A88") old++;
            else fresh++;
            Assert.True(found is "6A88" or "4204112233449000", found);
        });
        Assert.True(old > 10 && fresh > 10, $"{old} old, {fresh} new");
    }

    [Fact]
    public void Groups_for_an_applet_are_there_whole_and_from_the_first_on()
    {
        using var key = SecretKey.Generate();
        using var dek = DomainCard.DataEncryption();
        var rules = new FieldDefinition(FieldType.Text, FieldReading.Holder, IsMandatory: true);
        var groups = Bytes.Of(output =>
        {
            var writer = new ByteWriter(output);
            new DataGroup(0x0107, Bytes.FromHex("0001 A1A2A3")).Write(writer);
            new DataGroup(0x020C, Bytes.FromHex("0181 0002 B1B2")).Write(writer);
            new DataGroup(DataGroup.Key, new Bytes((byte[])[0x42, .. Bytes.Of(EncryptedKey.Of(key, dek)).Span])).Write(writer);
        });
        var met = new HashSet<int>();
        Cut(new CommandApdu(0x80, 0xE2, 0x88, 0x00, groups), image =>
        {
            using var card = TestCard.Open(image);
            var version = card.Send(StoreCommands.Select).Data.Read<ApplicationTemplate>().KeyVersion;
            var fields = DefinedField.ReadList(card.Send(StoreCommands.ListDefinitions).Data);
            DefinedField[] born = [new(new FieldVersion(1, 1, 2), default)];
            DefinedField[] all = [.. born, new(new FieldVersion(7, 1, 3), default), new(new FieldVersion(0x0C, 2, 2), rules)];
            Assert.Equal(all.Take(fields.Count), fields);
            Assert.Contains(version, (byte[])[DemonstrationKeys.Version, 0x42]);
            if (version == 0x42)
            {
                Assert.Equal(3, fields.Count);
                var read = StoreCommands.Read(7, DomainCard.Challenge);
                var answer = card.Send(read).Data.Read<StoredField>();
                Assert.NotNull(new FieldCodes(key, TestCard.Id, 7).Open(answer, read.Data, isSecured: false));
            }

            met.Add(fields.Count - 1 + (version == 0x42 ? 1 : 0));
        }, card => Assert.EndsWith("9000", card.Send("80E62000 0F 0000 09 F05445535345524102 000000"), StringComparison.Ordinal));
        Assert.Equal([0, 1, 2, 3], met.Order());
    }

    /// <summary>Cuts one command in the middle of a session, everywhere, and looks at what is left each time.</summary>
    private static void Cut(CommandApdu command, Action<byte[]> look, Action<DomainCard>? prepare = null)
    {
        var original = TestCard.NewImage();
        for (var (step, completed) = (0, false); !completed; step++)
        {
            foreach (var tear in Tears)
            {
                var medium = new CutMedium(original);
                using var card = new DomainCard(TestCard.Open(medium)).Open();
                prepare?.Invoke(card);
                medium.CutAfter(step, _ => tear, new Random((step * 1000) + tear));
                try
                {
                    Assert.True(card.Send(command).Status.IsSuccess);
                    completed = true;
                }
                catch (PowerLostException)
                {
                    look(medium.Image);
                }
            }
        }
    }

    private static uint? TryBegin(TestCard card)
    {
        try
        {
            return card.Send(GlobalPlatformCommands.InitializeUpdate(0, DomainCard.Challenge))
                .Data.Read<InitializeUpdateAnswer>().Sequence;
        }
        catch (PowerLostException)
        {
            return null;
        }
    }
}
