export const UPLOAD_KINDS = ['survey', 'employees', 'departments'] as const;

export type UploadKind = (typeof UPLOAD_KINDS)[number];

export const DATE_FORMATS = ['ISO', 'DMY', 'MDY'] as const;

export type DateFormat = (typeof DATE_FORMATS)[number];
