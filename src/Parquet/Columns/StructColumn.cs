using System.Buffers;

namespace Latecomer.Parquet;

/// <summary>A column of structs: a column per field, as long as this one. Where a struct is null, so are its fields. Owns its fields.</summary>
public sealed class StructColumn : ColumnData
{
    private readonly bool pooled;
    private bool[]? validity;

    /// <summary>A column over fields and flags (null: no row is null), which must not change any more; throws
    /// <see cref="ArgumentException"/> if they do not fit each other.</summary>
    public StructColumn(ColumnType.Struct type, IReadOnlyList<ColumnData> fields, bool[]? validity)
        : this(type, fields, validity, fields.Count == 0 ? validity?.Length ?? 0 : fields[0].Length, validity?.Count(flag => !flag) ?? 0, pooled: false)
    {
        if (type.Fields.Count != fields.Count || fields.Any(field => field.Length != Length) || (validity ?? []).Length != (validity is null ? 0 : Length))
        {
            throw new ArgumentException($"The {fields.Count} fields and the flags do not fit the type or each other.", nameof(fields));
        }
    }

    internal StructColumn(ColumnType.Struct type, IReadOnlyList<ColumnData> fields, bool[]? validity, int length, int nullCount, bool pooled)
        : base(length, nullCount)
    {
        Type = type;
        Fields = fields;
        this.validity = validity;
        this.pooled = pooled;
    }

    /// <summary>What the fields are.</summary>
    public ColumnType.Struct Type { get; }

    /// <summary>The fields' data in the order of <see cref="Type"/>.</summary>
    public IReadOnlyList<ColumnData> Fields { get; }

    /// <inheritdoc/>
    public override ReadOnlySpan<bool> Validity => NullCount == 0 ? default : validity.AsSpan(0, Length);

    /// <summary>The data of the field with this exact name, or null if there is none (a projection may have left it out).</summary>
    public ColumnData? Find(string name) => Type.IndexOf(name) is >= 0 and var ordinal ? Fields[ordinal] : null;

    /// <inheritdoc/>
    public override ColumnData Take(ReadOnlySpan<int> rows)
    {
        var fields = new ColumnData[Fields.Count];
        for (var ordinal = 0; ordinal < fields.Length; ordinal++)
        {
            fields[ordinal] = Fields[ordinal].Take(rows);
        }

        var flags = TakeValidity(rows);
        return new StructColumn(Type, fields, flags, rows.Length, flags?.Count(flag => !flag) ?? 0, pooled: false);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (pooled && validity is { } flags)
        {
            ArrayPool<bool>.Shared.Return(flags);
            validity = null;
        }

        foreach (var field in Fields)
        {
            field.Dispose();
        }
    }
}
