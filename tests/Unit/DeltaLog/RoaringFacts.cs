using FsCheck;
using FsCheck.Fluent;
using Latecomer.DeltaLog;
using static Latecomer.Tests.Unit.DeltaLog.HandmadeVector;

namespace Latecomer.Tests.Unit.DeltaLog;

public sealed class RoaringFacts
{
    private const int Window = 1000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_row_that_was_written_is_read_and_no_other(bool withRuns) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(50), Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new System.Random(seed);
            var rows = Rows(random).Distinct().Order().ToArray();
            var read = RoaringBitmapArray.Read(Of(rows, withRuns));
            read.Count.ShouldBe(rows.Length);
            read.Last.ShouldBe(rows.Length == 0 ? -1 : rows[^1]);
            foreach (var from in rows.Append(0).Append(1L << 40).OrderBy(_ => random.Next()).Take(20).Select(row => Math.Max(0, row - random.Next(Window))))
            {
                var deleted = rows.Where(row => row >= from && row < from + Window).Select(row => (int)(row - from)).ToHashSet();
                var live = read.LiveOf(from, Window);
                (live ?? [.. Enumerable.Range(0, Window)]).ShouldBe(Enumerable.Range(0, Window).Where(row => !deleted.Contains(row)));
                (live is null).ShouldBe(deleted.Count == 0);
            }
        }));

    [Fact]
    public void Windows_over_all_rows_leave_exactly_the_live_ones()
    {
        long[] rows = [0, 1, 65_535, 65_536, .. Enumerable.Range(100_000, 70_000).Select(row => (long)row), 199_999];
        foreach (var bytes in new[] { Of(rows), Of(rows, withRuns: true) })
        {
            var read = RoaringBitmapArray.Read(bytes);
            var live = new List<long>();
            for (var from = 0; from < 200_000; from += 777)
            {
                var count = Math.Min(777, 200_000 - from);
                live.AddRange((read.LiveOf(from, count) ?? [.. Enumerable.Range(0, count)]).Select(row => (long)from + row));
            }

            live.ShouldBe(Enumerable.Range(0, 200_000).Select(row => (long)row).Except(rows));
        }
    }

    [Fact]
    public void No_rows_at_all_are_a_bitmap_too()
    {
        RoaringBitmapArray.Read(Of([])).Count.ShouldBe(0);
        RoaringBitmapArray.Read([.. Bytes(Magic), .. Bytes(1UL), .. Bytes(0U), .. Bytes(12346U), .. Bytes(0U)]).LiveOf(0, 10).ShouldBeNull();
    }

    [Theory]
    [InlineData("", "end within the magic number, at byte 0")]
    [InlineData("D0 39 39 64 00 00 00 00 00 00 00 00", "begins with 1681471952 and not with 1681511377")]
    [InlineData("H FF FF FF FF FF FF FF FF", "claims 18446744073709551615 bitmaps in 0 bytes")]
    [InlineData("H 01 00 00 00 00 00 00 00 00 00 00 80 3A 30 00 00 00 00 00 00", "a bitmap has key 2147483648, and no row has a number that great")]
    [InlineData("H 02 00 00 00 00 00 00 00 05 00 00 00 3A 30 00 00 00 00 00 00 05 00 00 00 3A 30 00 00 00 00 00 00", "the bitmap of key 5 comes after that of key 5")]
    [InlineData("B 3C 30 00 00 00 00 00 00", "a bitmap begins with 12348")]
    [InlineData("B 3A 30 00 00 FF FF FF FF", "claims 4294967295 containers; there are at most 65536")]
    [InlineData("B 3A 30 00 00 00 00 01 00", "end within a bitmap's headers")]
    [InlineData("B 3B 30 FF FF 00 00 00 00", "end within a bitmap's run flags")]
    [InlineData("B 3A 30 00 00 01 00 00 00 00 00 00 00", "end within a bitmap's offsets")]
    [InlineData("B 3A 30 00 00 01 00 00 00 00 00 FF 0F 10 00 00 00 01 00", "end within an array container")]
    [InlineData("B 3A 30 00 00 01 00 00 00 00 00 FF FF 10 00 00 00 01 00", "end within a bitmap container")]
    [InlineData("B 3A 30 00 00 01 00 00 00 00 00 01 00 10 00 00 00 02 00 02 00", "row 2 comes after row 2")]
    [InlineData("B 3A 30 00 00 02 00 00 00 01 00 00 00 01 00 00 00 18 00 00 00 1A 00 00 00 01 00 02 00", "container 1 comes after container 1")]
    [InlineData("B 3B 30 00 00 01 00 00 01 00 02 00 01 00 00 00 00 00 00 00", "a run of 1 rows from 0 on does not fit a run container after row 1")]
    [InlineData("B 3B 30 00 00 01 00 00 01 00 01 00 FF FF 01 00", "a run of 2 rows from 65535 on does not fit")]
    [InlineData("B 3B 30 00 00 01 00 00 05 00 01 00 00 00 01 00", "a run container has 2 rows, and its header says 6")]
    [InlineData("B 3B 30 00 00 01 00 00 05 00 FF FF 00 00 01 00", "end within a run container")]
    [InlineData("B 3A 30 00 00 00 00 00 00 00", "1 bytes follow its last bitmap")]
    public void What_is_not_sound_is_refused_with_what_is_wrong(string bytes, string problem)
    {
        // H: after the head; B: after the head of one bitmap.
        var head = Convert.ToHexString(Bytes(Magic));
        var whole = bytes switch
        {
            ['H', .. var rest] => head + rest,
            ['B', .. var rest] => head + "01 00 00 00 00 00 00 00 00 00 00 00" + rest,
            _ => bytes,
        };
        Should.Throw<InvalidDataException>(() => RoaringBitmapArray.Read(Convert.FromHexString(whole.Replace(" ", "", StringComparison.Ordinal)))).Message.ShouldContain(problem);
    }

    [Fact]
    public void A_dense_container_whose_header_lies_is_refused()
    {
        var bytes = Of(Enumerable.Range(0, 5000).Select(row => (long)row));
        bytes[^1] = 1;
        Should.Throw<InvalidDataException>(() => RoaringBitmapArray.Read(bytes)).Message.ShouldContain("has 5001 rows, and its header says 5000");
    }

    [Fact]
    public void Damaged_bytes_are_refused_or_read_and_nothing_else() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(400), Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new System.Random(seed);
            var bytes = Of(Rows(random), withRuns: random.Next(2) == 0);
            for (var flips = random.Next(1, 4); flips > 0; flips--)
            {
                bytes[random.Next(Math.Min(bytes.Length, 60))] ^= (byte)random.Next(1, 256);
            }

            try
            {
                var read = RoaringBitmapArray.Read(random.Next(2) == 0 ? bytes : bytes[..random.Next(bytes.Length)]);
                read.LiveOf(0, Window);
                read.LiveOf(Math.Max(0, read.Last - 10), Window);
            }
            catch (InvalidDataException)
            {
            }
        }));

    /// <summary>Single rows, runs, and blocks that take every form of container, near each other and far apart.</summary>
    private static IEnumerable<long> Rows(System.Random random)
    {
        for (var parts = random.Next(6); parts > 0; parts--)
        {
            var start = (random.Next(4) == 0 ? (long)random.Next(3) << 32 : 0) + random.Next(400_000);
            var (count, step) = random.Next(3) switch { 0 => (random.Next(1, 50), random.Next(1, 9000)), 1 => (random.Next(1, 9000), 1), _ => (random.Next(1, 9000), 3) };
            for (var i = 0; i < count; i++)
            {
                yield return start + ((long)i * step);
            }
        }
    }
}
