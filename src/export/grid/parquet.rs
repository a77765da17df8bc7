//! Parquet for research programs. Numbers are exact decimals: eighteen digits before the point and eighteen behind it,
//! which is every figure that is read.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, FixedLenByteArray, FixedLenByteArrayType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{Type, TypePtr};

use super::{Column, GridFormat, GridWriter, Kind, Sheet, Value};
use crate::report::Number;

pub(super) const PARQUET: GridFormat = GridFormat {
    extension: "parquet",
    has_sheets: false,
    is_binary: true,
    writer: || Box::new(Parquet { columns: Vec::new(), rows: 0, buffer: Buffer::default(), file: None }),
};

/// Rows that are kept before they are written: what bounds the memory.
const GROUP: usize = 1 << 16;

/// Decimals of a number.
const SCALE: u8 = 18;

/// Digits of a number.
const PRECISION: i32 = 36;

/// Bytes that so many digits need.
const BYTES: i32 = 16;

/// What is written and not yet taken over: the library keeps the end that it writes to.
#[derive(Debug, Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The values of a column; a row without one has the level 0.
#[derive(Default)]
struct Gathered {
    levels: Vec<i16>,
    texts: Vec<ByteArray>,
    wholes: Vec<i64>,
    numbers: Vec<FixedLenByteArray>,
}

struct Parquet {
    columns: Vec<(Kind, Gathered)>,
    rows: usize,
    buffer: Buffer,
    file: Option<SerializedFileWriter<Buffer>>,
}

fn schema(columns: &[Column]) -> Result<TypePtr, ParquetError> {
    let field = |column: &Column| {
        let physical = match column.kind {
            Kind::Text => Physical::BYTE_ARRAY,
            Kind::Whole => Physical::INT64,
            Kind::Number => Physical::FIXED_LEN_BYTE_ARRAY,
        };
        let field = Type::primitive_type_builder(column.key, physical).with_repetition(Repetition::OPTIONAL);
        let field = match column.kind {
            Kind::Text => field.with_logical_type(Some(LogicalType::String)),
            Kind::Whole => field,
            Kind::Number => field
                .with_logical_type(Some(LogicalType::decimal(i32::from(SCALE), PRECISION)))
                .with_precision(PRECISION)
                .with_scale(i32::from(SCALE))
                .with_length(BYTES),
        };
        field.build().map(Arc::new)
    };
    let fields = columns.iter().map(field).collect::<Result<_, _>>()?;
    Type::group_type_builder("gouji").with_fields(fields).build().map(Arc::new)
}

/// The number as the units of the decimal, the largest byte first.
fn decimal(number: Number) -> FixedLenByteArray {
    let missing = SCALE.saturating_sub(number.scale());
    let units = i128::from(number.units()).saturating_mul(10_i128.pow(u32::from(missing)));
    FixedLenByteArray::from(units.to_be_bytes().to_vec())
}

impl Gathered {
    fn push(&mut self, kind: Kind, value: &Value<'_>) {
        let level = match (kind, value) {
            (Kind::Text, Value::Text(text)) => {
                self.texts.push(ByteArray::from(text.as_bytes().to_vec()));
                1
            }
            (Kind::Whole, Value::Whole(number)) => {
                self.wholes.push(*number);
                1
            }
            (Kind::Number, Value::Number(number)) => {
                self.numbers.push(decimal(*number));
                1
            }
            (Kind::Number, Value::Whole(number)) => {
                self.numbers.push(decimal(Number::whole(*number)));
                1
            }
            // A column has values of its kind, or none.
            _ => 0,
        };
        self.levels.push(level);
    }
}

impl Parquet {
    fn begin_file(&mut self, sheet: &Sheet<'_>) -> Result<(), ParquetError> {
        self.columns = sheet.columns.iter().map(|column| (column.kind, Gathered::default())).collect();
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("gouji ", env!("CARGO_PKG_VERSION")).to_owned());
        let (schema, properties) = (schema(sheet.columns)?, Arc::new(properties.build()));
        self.file = Some(SerializedFileWriter::new(self.buffer.clone(), schema, properties)?);
        Ok(())
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        let Some(file) = self.file.as_mut().filter(|_| self.rows > 0) else { return Ok(()) };
        let mut group = file.next_row_group()?;
        for (kind, gathered) in &mut self.columns {
            let Some(mut column) = group.next_column()? else { break };
            let levels = Some(gathered.levels.as_slice());
            match kind {
                Kind::Text => column.typed::<ByteArrayType>().write_batch(&gathered.texts, levels, None)?,
                Kind::Whole => column.typed::<Int64Type>().write_batch(&gathered.wholes, levels, None)?,
                Kind::Number => {
                    column.typed::<FixedLenByteArrayType>().write_batch(&gathered.numbers, levels, None)?
                }
            };
            column.close()?;
            *gathered = Gathered::default();
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

impl GridWriter for Parquet {
    fn begin(&mut self, _: &mut dyn Write, sheet: &Sheet<'_>) -> io::Result<()> {
        self.begin_file(sheet).map_err(io::Error::other)
    }

    fn row(&mut self, out: &mut dyn Write, values: &[Value<'_>]) -> io::Result<()> {
        for ((kind, gathered), value) in self.columns.iter_mut().zip(values) {
            gathered.push(*kind, value);
        }
        self.rows += 1;
        if self.rows < GROUP {
            return Ok(());
        }
        self.write_group().map_err(io::Error::other)?;
        out.write_all(&self.buffer.take())
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.write_group().map_err(io::Error::other)?;
        if let Some(file) = self.file.take() {
            file.close().map_err(io::Error::other)?;
        }
        out.write_all(&self.buffer.take())
    }
}
